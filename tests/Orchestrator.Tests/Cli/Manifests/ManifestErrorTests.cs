using DeploymentOrchestrator.Cli.Manifests;

namespace DeploymentOrchestrator.Tests.Cli.Manifests;

/// <summary>Each folder of Errors holds files that a user may write and, in problems.txt, every line reported about them.</summary>
public sealed class ManifestErrorTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cli", "Manifests", "Errors");

    public static TheoryData<string> Cases => [.. Directory.GetDirectories(Folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void Every_problem_of_all_files_is_reported_at_once(string name)
    {
        var folder = Path.Combine(Folder, name);
        var files = new ManifestSource([folder], Stream.Null).Read().Single().Files.Select(f => f with { Name = Path.GetFileName(f.Name) }).ToList();

        var set = ManifestSet.Load([new(name, files, null)]);

        Assert.Equal(File.ReadAllText(Path.Combine(folder, "problems.txt")), string.Concat(set.Diagnostics.Select(d => $"{d}\n")));
    }
}
