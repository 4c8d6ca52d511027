using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A problem at its place in a file.</summary>
internal sealed record Diagnostic(SourcePosition At, Problem Problem)
{
    /// <summary>A problem without a path in a resource.</summary>
    public Diagnostic(SourcePosition at, string message, bool isWarning = false)
        : this(at, new Problem("", message, isWarning))
    {
    }

    /// <summary><c>file:line:col: error: path: message</c>, the form of compilers.</summary>
    public override string ToString() => $"{At}: {(Problem.IsWarning ? "warning" : "error")}: {Problem}";

    /// <summary>The problems of each file by line, the files in the order in which they first occur.</summary>
    public static IReadOnlyList<Diagnostic> InFileOrder(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.GroupBy(d => d.At.File, StringComparer.Ordinal).SelectMany(file => file.OrderBy(d => d.At.Line).ThenBy(d => d.At.Column))];
}
