using System.CommandLine;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch validate PATH…</c></summary>
internal sealed class ValidateCommand : ExplainedCommand
{
    public ValidateCommand(CommandContext context)
        : base(context, "validate", "Check the files and print every problem as file:line:col: error: path: message. Uses no network.")
    {
        var paths = With(Parameters.Paths());
        var policies = With(new Option<string[]>("--policies")
        {
            Description = "A file or folder with the SecretPolicies and Namespaces of the cluster: a denial is an error, too",
            HelpName = "path",
            DefaultValueFactory = _ => [],
        });
        var required = With(Parameters.RequirePolicy("The operator runs with --require-policy: a namespace that no SecretPolicy selects has no secrets"));
        SetAction(parsed => Run(
            new(parsed.GetRequiredValue(paths), context.Input), new(parsed.GetRequiredValue(policies), context.Input), parsed.GetValue(required), context));
    }

    public override IReadOnlyList<string> Examples =>
        ["dorch validate examples/myapp", "helm template . | dorch validate -", "dorch validate app.yaml --policies policies/"];

    private static int Run(ManifestSource source, ManifestSource policies, bool isRequired, CommandContext context)
    {
        var handlers = LocalCluster.HandlersForValidation(context.Time);
        var set = new ManifestLoader(source, handlers).Load();
        var hasPolicies = policies.Read() is { Count: > 0 };
        if (hasPolicies || isRequired)
        {
            var given = hasPolicies ? new ManifestLoader(policies, handlers).Load() : new([], []);
            // The denials of an invalid policy add nothing to its own error.
            var denied = given.HasErrors ? []
                : PolicyCheck.Check(
                    new(given.Resources.Concat(set.Resources).Select(r => r.Content), isRequired: isRequired), set.Resources);
            set = set with { Diagnostics = [.. given.Diagnostics, .. Diagnostic.InFileOrder([.. set.Diagnostics, .. denied])] };
        }

        DiagnosticWriter.Write(set.Diagnostics, context.Terminal);
        if (set.HasErrors)
            return ExitCode.Invalid;
        context.Terminal.Out.WriteLine($"{set.Resources.Count} {(set.Resources.Count == 1 ? "resource is" : "resources are")} valid");
        return ExitCode.Done;
    }
}
