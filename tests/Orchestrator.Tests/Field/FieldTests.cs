using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Repository;
using DeploymentOrchestrator.Tests.Transcripts;

namespace DeploymentOrchestrator.Tests.Field;

/// <summary>The output for every folder of tests/field matches its expected.txt; tests/field/README.md lists them all.</summary>
public sealed partial class FieldTests
{
    private static readonly string Folder = SourceTree.Field;

    public static TheoryData<string> Slugs => Transcript.Slugs(Folder);

    [Theory, MemberData(nameof(Slugs))]
    public async Task The_output_of_a_case_matches_its_transcript(string slug)
    {
        var example = Transcript.Read(Path.Combine(Folder, slug));
        if (example.CoveredBy is not null)
        {
            example.AssertCovered();
            return;
        }

        await using var server = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        var run = new TranscriptRun(example, server);
        foreach (var command in example.Commands)
        {
            var (code, output) = await run.Run(command);

            var transcript = $"$ {command.Line}\n{output}exit {code}";
            Assert.True(command.ExitCode == code, $"exit {command.ExitCode} is expected of\n{transcript}");
            var line = -1;
            var lines = output.Split('\n');
            foreach (var part in command.Expected)
            {
                line = Array.FindIndex(lines, line + 1, l => l.Contains(part, StringComparison.Ordinal));
                Assert.True(line >= 0, $"\"{part}\" is expected, after what comes before it, in\n{transcript}");
            }

            foreach (var part in command.Excluded)
                Assert.False(output.Contains(part, StringComparison.Ordinal), $"\"{part}\" is not expected in\n{transcript}");
        }
    }

    [Fact]
    public void The_table_has_one_row_for_each_folder()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Folder, "README.md"))).Select(m => m.Groups["slug"].Value).Order(StringComparer.Ordinal);

        Assert.Equal(Slugs.Select(row => row.Data), rows);
    }

    [GeneratedRegex(@"^\| \[(?<slug>[^\]]+)\]\(\k<slug>\) \|", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
