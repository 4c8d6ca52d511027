using System.Text.RegularExpressions;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.Tests.Docs;
using DeploymentOrchestrator.Tests.Transcripts;

namespace DeploymentOrchestrator.Tests.Mistakes;

/// <summary>The output for every mistake of tests/mistakes is exactly its expected.txt; docs/reference/mistakes.md lists them all.</summary>
public sealed partial class MistakesTests
{
    // Stands for the progress lines: how many steps of several components show depends on the machine.
    private const string Progress = "…";

    private static readonly string Folder = Path.Combine(DocsFolder.Root, "tests", "mistakes");

    private static readonly IReadOnlyList<string[]> Table = DocsFolder.Rows(DocsFolder.Read("docs/reference/mistakes.md"));

    public static TheoryData<string> Slugs => Transcript.Slugs(Folder);

    [Theory, MemberData(nameof(Slugs))]
    public async Task Dorch_prints_what_the_transcript_shows_and_nothing_else(string slug)
    {
        var mistake = Transcript.Read(Path.Combine(Folder, slug));
        if (mistake.CoveredBy is not null)
        {
            mistake.AssertCovered();
            return;
        }

        var policy = Path.Combine(mistake.Folder, "policy.json");
        await using var server = await SecretsManagerServer.StartAsync(
            new() { IamPolicy = File.Exists(policy) ? IamPolicy.Parse(File.ReadAllText(policy)) : null }, TestContext.Current.CancellationToken);
        var run = new TranscriptRun(mistake, server);
        foreach (var command in mistake.Commands)
        {
            var (code, output) = await run.Run(command);

            Assert.Equal(command.ExitCode, code);
            if (command.Line.StartsWith("aws ", StringComparison.Ordinal))
                continue;
            var said = string.Concat(command.Expected.Select(line => $"{line}\n"));
            if (command.Expected[0] == Progress)
                Assert.EndsWith(said[Progress.Length..], output, StringComparison.Ordinal);
            else
                Assert.Equal(said, output);
        }
    }

    [Fact]
    public void The_page_has_a_row_for_each_folder_and_there_are_at_least_25()
    {
        Assert.InRange(Table.Count, 25, int.MaxValue);
        Assert.Equal(
            Slugs.Select(slug => slug.Data).Order(StringComparer.Ordinal),
            Table.Select(row => Link().Match(row[0]).Groups["slug"].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_row_quotes_the_transcript_and_says_what_to_do() => Assert.All(Table, row =>
    {
        var transcript = File.ReadAllText(Path.Combine(Folder, Link().Match(row[0]).Groups["slug"].Value, "expected.txt"));
        Assert.Contains(DocsFolder.Quoted(row[1]).Single(), transcript, StringComparison.Ordinal);
        Assert.NotEqual("", row[2]);
    });

    [GeneratedRegex(@"\]\(\.\./\.\./tests/mistakes/(?<slug>[a-z0-9-]+)\)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
