using System.Text;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch crds</c></summary>
internal sealed class CrdsCommand : ExplainedCommand
{
    // As the project file names the embedded files.
    private const string Folder = "crds/";

    public CrdsCommand(CommandContext context)
        : base(context, "crds", "Print the CustomResourceDefinitions of this version as YAML, the same as deploy/base/crds.")
    {
        SetAction(_ =>
        {
            context.Terminal.Out.Write(Text());
            return ExitCode.Done;
        });
    }

    public override IReadOnlyList<string> Examples => ["dorch crds | kubectl apply -f -", "dorch crds > crds.yaml"];

    private static string Text()
    {
        var assembly = typeof(CrdsCommand).Assembly;
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return string.Join("---\n", names.Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd();
        }));
    }
}
