using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch validate PATH…</c></summary>
internal sealed class ValidateCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public ValidateCommand(CommandContext context)
        : base(context, "validate", "Check the files and print every problem as file:line:col: error: path: message. Uses no network.")
    {
        var paths = With(Parameters.Paths());
        SetAction(parsed => Run(new(parsed.GetRequiredValue(paths), context.Input), context));
    }

    public override IReadOnlyList<string> Examples => ["dorch validate examples/myapp", "helm template . | dorch validate -"];

    private static int Run(ManifestSource source, CommandContext context)
    {
        var set = new ManifestLoader(source, LocalCluster.HandlersForValidation(context.Time)).Load();
        DiagnosticWriter.Write(set.Diagnostics, context.Terminal);
        if (set.HasErrors)
            return ExitCode.Invalid;
        context.Terminal.Out.WriteLine($"{set.Resources.Count} {(set.Resources.Count == 1 ? "resource is" : "resources are")} valid");
        return ExitCode.Done;
    }
}
