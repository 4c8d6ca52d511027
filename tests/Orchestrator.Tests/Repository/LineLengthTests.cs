using System.Globalization;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Tests.Repository;

/// <summary>No line of code is longer than .editorconfig allows, and no file has more than 300 lines. No analyzer checks this.</summary>
public sealed partial class LineLengthTests
{
    // A raw string may hold text whose lines cannot be wrapped.
    private const string RawQuotes = "\"\"\"";

    private const int MostLines = 300;
    private const int MostMedianLines = 50;

    private static int Limit { get; } =
        int.Parse(MaxLineLength().Match(File.ReadAllText(Path.Combine(SourceTree.Root, ".editorconfig"))).Groups["length"].Value, CultureInfo.InvariantCulture);

    [Fact]
    public void The_median_file_of_src_has_at_most_50_lines()
    {
        var lines = SourceTree.Files("src/**/*.cs").Select(file => File.ReadLines(file).Count()).Order().ToList();

        Assert.InRange(lines[lines.Count / 2], 1, MostMedianLines);
    }

    [Theory]
    [InlineData("src", 300)]
    [InlineData("tests", 300)]
    [InlineData("bench", 5)]
    public void Neither_a_line_nor_a_file_of_code_exceeds_its_limit(string folder, int fewest)
    {
        var files = SourceTree.Files($"{folder}/**/*.cs").ToList();

        Assert.True(files.Count >= fewest, $"only {files.Count} files were found");
        Assert.Empty(files.SelectMany(TooLong));
        Assert.DoesNotContain(files, file => File.ReadLines(file).Skip(MostLines).Any());
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
