using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Writes problems as compilers do, one a line: <c>file:line:col: error: path: message</c>.</summary>
internal static class DiagnosticWriter
{
    public static void Write(IEnumerable<Diagnostic> diagnostics, Terminal terminal)
    {
        foreach (var diagnostic in diagnostics)
        {
            if (terminal.IsErrorInteractive && terminal.HasColor)
                terminal.DrawnError.WriteLine(InColor(diagnostic));
            else
                terminal.Error.WriteLine(diagnostic.ToString());
        }
    }

    private static string InColor(Diagnostic diagnostic)
    {
        var (word, color) = diagnostic.Problem.IsWarning ? ("warning:", 33) : ("error:", 31);
        return $"\e[1m{VisibleText.Of($"{diagnostic.At}")}:\e[0m \e[{color}m{word}\e[0m {VisibleText.Of($"{diagnostic.Problem}")}";
    }
}
