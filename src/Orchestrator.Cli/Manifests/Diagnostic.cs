using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>A problem at its place in a file.</summary>
internal sealed record Diagnostic(SourcePosition At, Problem Problem)
{
    private const int Longest = 2_000;

    /// <summary>A problem without a path in a resource.</summary>
    public Diagnostic(SourcePosition at, string message, bool isWarning = false)
        : this(at, new Problem("", message, isWarning))
    {
    }

    /// <summary><c>file:line:col: error: path: message</c>, the form of compilers; a quotation in a message is limited to a screenful.</summary>
    public override string ToString() => $"{At}: {(Problem.IsWarning ? "warning" : "error")}: {Shortened(Problem.ToString())}";

    // Both ends: the beginning names the value, and the end says what is wrong with it.
    private static string Shortened(string text) => text.Length <= Longest ? text : $"{text[..(Longest / 2)]}…{text[^(Longest / 2)..]}";

    /// <summary>The problems of each file by line, the files in the order in which they first occur.</summary>
    public static IReadOnlyList<Diagnostic> InFileOrder(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.GroupBy(d => d.At.File, StringComparer.Ordinal).SelectMany(file => file.OrderBy(d => d.At.Line).ThenBy(d => d.At.Column))];
}

/// <summary>Where each part of a document is in its file.</summary>
/// <param name="positions">By path (<c>spec.components[0].name</c>): the position of a mapping entry's key, or of a list item's start. The root's
/// path is empty.</param>
/// <param name="written">By path: a number or boolean as written (<c>0755</c>, <c>no</c>), and whether JSON writes it in the same way.</param>
internal sealed class SourceMap(
    IReadOnlyDictionary<string, SourcePosition> positions, IReadOnlyDictionary<string, (string Text, bool IsAsJson)> written)
{
    /// <summary>The original notation of the path's number or boolean; null if it is neither, or very long.</summary>
    public (string Text, bool IsAsJson)? Written(string path) => written.TryGetValue(path, out var found) ? found : null;

    /// <summary>The place of a path, or of the nearest part above it that exists.</summary>
    public SourcePosition Locate(string path)
    {
        // A key may contain dots and brackets, so the path is shortened from its end until it names a node.
        while (path.Length > 0 && !positions.ContainsKey(path))
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        return positions[path];
    }
}

/// <summary>A place in a file as editors count it, from 1 and in UTF-16 units, or (line 0) the file as a whole.</summary>
internal readonly record struct SourcePosition(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:col</c>, which terminals and editors turn into a link.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
