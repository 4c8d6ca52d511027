using System.Text.RegularExpressions;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The repository's pages and their contents.</summary>
internal static partial class DocsFolder
{
    /// <summary>The repository.</summary>
    public static readonly string Root = SourceTree.Root;

    /// <summary>Every page, by its path in the repository: those at the top, those in docs/, and those of the examples.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(((string[])["docs", "examples"]).SelectMany(
                folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a page.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>The text of a page's section: from its heading to the next one of the same level or above.</summary>
    public static string Section(string page, string heading)
    {
        var lines = Read(page).Split('\n').SkipWhile(line => line != heading).ToList();
        Assert.True(lines.Count > 0, $"{page} has no heading {heading}");
        var level = heading.TakeWhile(c => c == '#').Count();
        return string.Join('\n', lines.Skip(1).TakeWhile(line => !(line.StartsWith('#') && line.TakeWhile(c => c == '#').Count() <= level)));
    }

    /// <summary>The rows of the first table in a text, without its heading, as cells.</summary>
    public static IReadOnlyList<string[]> Rows(string text) =>
    [
        .. text.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => Cell().Split(line.Trim().Trim('|')).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray()),
    ];

    /// <summary>The texts in backticks.</summary>
    public static IEnumerable<string> Quoted(string text) => Code().Matches(text).Select(m => m.Groups["code"].Value);

    /// <summary>The fenced blocks of a page, in their order.</summary>
    public static IReadOnlyList<(string Language, string Text)> Blocks(string page) =>
        [.. Fence().Matches(Read(page)).Select(m => (m.Groups["language"].Value, m.Groups["text"].Value))];

    /// <summary>A page without its fenced blocks.</summary>
    public static string Prose(string page) => Fence().Replace(Read(page), "");

    // A bar that is not escaped by a backslash.
    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```(?<language>[a-z]*)\n(?<text>(.*\n)*?)```$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Fence();
}
