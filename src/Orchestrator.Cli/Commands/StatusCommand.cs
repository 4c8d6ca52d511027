using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch status [NAME…]</c></summary>
internal sealed class StatusCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public StatusCommand(CommandContext context)
        : base(context, "status", "Show the Compositions and Components of a cluster as a tree: what depends on what, what each made, and what blocks it.")
    {
        var names = With(Parameters.RefuseUnknownOptions(new Argument<string[]>("NAME")
        {
            Description = "A Composition, or a standalone Component (default: all of them)",
            Arity = ArgumentArity.ZeroOrMore,
        }));
        var scope =
            With(new Option<string?>("--namespace", "-n") { Description = "The namespace (default: the one of the kubeconfig's context)", HelpName = "name" });
        var all = With(new Option<bool>("--all-namespaces", "-A") { Description = "All namespaces" });
        var kubeconfig = With(Parameters.Kubeconfig());
        var cluster = With(Parameters.Context());
        var output = With(Parameters.Output("Print a tree (table, the default), or the resources as one v1 List"));
        this.Excludes(scope, all, "choose one namespace or all");

        Runs((parsed, cancellation) => new StatusRun(context, new(
            parsed.GetValue(names) ?? [], parsed.GetValue(scope), parsed.GetValue(all), parsed.GetValue(kubeconfig), parsed.GetValue(cluster),
            parsed.GetValue(output)))
            .Run(cancellation));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch status",
        "dorch status myapp -n myapp",
        "dorch status --all-namespaces -o json",
    ];
}
