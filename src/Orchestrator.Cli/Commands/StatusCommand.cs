using System.CommandLine;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch status [NAME…]</c></summary>
internal sealed class StatusCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public StatusCommand(CommandContext context)
        : base("status", "Show how Compositions and Components of a cluster do: a tree of who needs whom, with what each made and what holds it up.")
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "A Composition, or a Component of its own (default: all of them)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var @namespace = new Option<string?>("--namespace", "-n") { Description = "The namespace (default: the one of the kubeconfig's context)", HelpName = "name" };
        var all = new Option<bool>("--all-namespaces", "-A") { Description = "All namespaces" };
        var kubeconfig = Parameters.Kubeconfig();
        var cluster = Parameters.Context();
        var output = Parameters.Output("What the standard output gets: a tree, or the resources as one v1 List (default table)");
        Parameters.RefuseUnknownOptions(names);
        Arguments.Add(names);
        foreach (var option in (Option[])[@namespace, all, kubeconfig, cluster, output])
            Options.Add(option);
        this.Excludes(@namespace, all, "one is all of the other");

        SetAction((parsed, cancellation) => new StatusRun(context)
        {
            Names = parsed.GetValue(names) ?? [],
            Namespace = parsed.GetValue(@namespace),
            IsAllNamespaces = parsed.GetValue(all),
            Kubeconfig = parsed.GetValue(kubeconfig),
            KubeconfigContext = parsed.GetValue(cluster),
            Format = parsed.GetValue(output),
        }.Run(cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch status",
        "dorch status myapp -n myapp",
        "dorch status --all-namespaces -o json",
    ];
}
