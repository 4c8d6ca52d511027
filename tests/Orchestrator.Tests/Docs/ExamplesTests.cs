using DeploymentOrchestrator.Tests.Cli.Commands;

namespace DeploymentOrchestrator.Tests.Docs;

/// <summary>The examples are valid as they stand. The end-to-end tests run them.</summary>
public sealed class ExamplesTests
{
    private static readonly string Folder = Path.Combine(DocsFolder.Root, "examples");

    public static TheoryData<string> Examples => [.. Directory.EnumerateFileSystemEntries(Folder).Select(e => Path.GetFileName(e)!)];

    [Theory, MemberData(nameof(Examples))]
    public async Task An_example_is_valid(string example)
    {
        var run = await CommandLineRun.Of("validate", Path.Combine(Folder, example));

        Assert.True(run.ExitCode == 0, run.Error);
    }
}
