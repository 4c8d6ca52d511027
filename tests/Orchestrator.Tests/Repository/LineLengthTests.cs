using System.Globalization;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Repository;

/// <summary>No line of the source is longer than .editorconfig says; no analyzer checks that.</summary>
public sealed partial class LineLengthTests
{
    // A raw string may hold text whose lines are what they are.
    private const string RawQuotes = "\"\"\"";

    private static int Limit { get; } =
        int.Parse(MaxLineLength().Match(File.ReadAllText(Path.Combine(SourceTree.Root, ".editorconfig"))).Groups["length"].Value, CultureInfo.InvariantCulture);

    [Fact]
    public void No_line_of_the_source_exceeds_the_limit()
    {
        var files = SourceTree.Files("src/**/*.cs").ToList();

        Assert.True(files.Count > 300, "too few files were found");
        Assert.Empty(files.SelectMany(TooLong));
    }

    private static IEnumerable<string> TooLong(string file)
    {
        var isRaw = false;
        foreach (var (number, line) in File.ReadAllLines(file).Index())
        {
            if (!isRaw && line.Length > Limit)
                yield return $"{Path.GetRelativePath(SourceTree.Root, file)}:{number + 1} has {line.Length} characters, and {Limit} are allowed";
            isRaw ^= line.Split(RawQuotes).Length % 2 == 0;
        }
    }

    [GeneratedRegex(@"^max_line_length = (?<length>[0-9]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex MaxLineLength();
}
