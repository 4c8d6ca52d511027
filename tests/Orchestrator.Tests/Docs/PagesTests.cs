using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The pages are short, link to each other, and no link is broken.</summary>
public sealed partial class PagesTests
{
    private const int MostLines = 250;

    private static readonly string[] Sources = ["src", "tests", "deploy", "examples", "bench"];

    public static TheoryData<string> Pages => [.. DocsFolder.Pages];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_has_fewer_than_250_lines(string page) =>
        Assert.True(DocsFolder.Read(page).Split('\n').Length <= MostLines, $"{page} has more than {MostLines} lines");

    [Theory, MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file_and_a_heading(string page)
    {
        var broken = Link().Matches(DocsFolder.Prose(page)).Select(m => m.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Exists(page, target));
        Assert.Equal([], broken);
    }

    [Fact]
    public void Every_page_can_be_reached_from_the_README()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "README.md" };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var page))
        {
            var targets = Link().Matches(DocsFolder.Prose(page)).Select(m => m.Groups["target"].Value.Split('#')[0])
                .Where(t => t.EndsWith(".md", StringComparison.Ordinal) && !t.Contains("://", StringComparison.Ordinal));
            foreach (var target in targets.Select(t => PathOf(page, t)).Where(reached.Add))
                next.Enqueue(target);
        }

        Assert.Equal([], DocsFolder.Pages.Except(reached, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_page_that_the_sources_name_is_there()
    {
        var gone =
            from folder in Sources
            from file in Directory.EnumerateFiles(Path.Combine(DocsFolder.Root, folder), "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".yaml" or ".sh" or ".txt" && !BuildOutput().IsMatch(file)
            from Match name in PageName().Matches(File.ReadAllText(file))
            where !File.Exists(Path.Combine(DocsFolder.Root, name.Value))
            select $"{Path.GetRelativePath(DocsFolder.Root, file)}: {name.Value}";

        Assert.Equal([], gone);
    }

    private static bool Exists(string page, string target)
    {
        var parts = target.Split('#');
        var path = parts[0].Length == 0 ? page : PathOf(page, parts[0]);
        var full = Path.Combine(DocsFolder.Root, path);
        return parts.Length == 1
            ? File.Exists(full) || Directory.Exists(full)
            : File.Exists(full) && Heading().Matches(DocsFolder.Prose(path)).Select(m => Anchor(m.Groups["text"].Value))
                .Contains(parts[1], StringComparer.Ordinal);
    }

    private static string PathOf(string page, string target) =>
        Path.GetRelativePath(DocsFolder.Root, Path.GetFullPath(Path.Combine(DocsFolder.Root, Path.GetDirectoryName(page)!, target))).Replace('\\', '/');

    // The anchor that GitHub gives a heading.
    private static string Anchor(string heading) => NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"\bdocs/[a-z0-9/-]+\.md\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PageName();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BuildOutput();
}
