using System.Reflection;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>The folders of <c>src</c> form no cycle, and docs/architecture.md lists what each of them uses.</summary>
public sealed partial class FolderTests
{
    private static readonly string Page = Path.Combine(SourceTree.Root, "docs", "architecture.md");

    public static TheoryData<string> Projects => ["Orchestrator", "Orchestrator.Cli", "Orchestrator.SecretsManagerEmulator"];

    [Theory, MemberData(nameof(Projects))]
    public void Folders_form_no_cycle(string project)
    {
        var graph = FolderGraph.Of(Of(project));

        Assert.True(graph.Folders.Count() > 5, "too few folders were found: nothing would be checked");
        var cycles = graph.Cycles();
        Assert.True(cycles.Count == 0, $"folders use each other in a cycle:\n{string.Join('\n', cycles)}");
    }

    [Theory, MemberData(nameof(Projects))]
    public void The_table_of_folders_says_what_each_folder_uses(string project)
    {
        var graph = FolderGraph.Of(Of(project));
        var rows = Row().Matches(File.ReadAllText(Page))
            .Select(row => (Folder: row.Groups["folder"].Value, Uses: Quoted().Matches(row.Groups["uses"].Value).Select(u => u.Groups["name"].Value).ToList()))
            .Where(row => row.Folder.Split('/')[0] == project)
            .ToDictionary(row => row.Folder, row => row.Uses, StringComparer.Ordinal);

        var wrong = new List<string>();
        wrong.AddRange(rows.Keys.Except(graph.Folders).Select(folder => $"src/{folder} is in the table and not in src"));
        foreach (var folder in graph.Folders)
        {
            var uses = graph.UsesOf(folder).ToDictionary(u => Short(u.Key), u => u.Value, StringComparer.Ordinal);
            if (!rows.TryGetValue(folder, out var allowed))
                wrong.Add($"src/{folder} has no row");
            else if (!allowed.ToHashSet(StringComparer.Ordinal).SetEquals(uses.Keys))
                wrong.AddRange([
                    .. uses.Where(u => !allowed.Contains(u.Key)).Select(u => $"src/{folder} may not use {u.Key}: {u.Value}"),
                    .. allowed.Except(uses.Keys).Select(u => $"src/{folder} does not use {u}"),
                ]);
            else
                continue;
            wrong.Add($"    as it is: | `src/{folder}` | … | {(uses.Count == 0 ? "nothing" : string.Join(", ", uses.Keys.Select(u => $"`{u}`")))} |");
        }

        Assert.True(wrong.Count == 0, $"docs/architecture.md:\n{string.Join('\n', wrong)}");
    }

    // Named as in the table: a folder of the library without the library's name.
    private static string Short(string folder) => folder
        .Replace("Orchestrator.SecretsManagerEmulator", "Emulator", StringComparison.Ordinal)
        .Replace("Orchestrator.Cli", "Cli", StringComparison.Ordinal)
        .Replace("Orchestrator/", "", StringComparison.Ordinal);

    private static Assembly Of(string project) => project switch
    {
        "Orchestrator" => typeof(Component).Assembly,
        "Orchestrator.Cli" => typeof(DorchCommand).Assembly,
        _ => typeof(SecretsManagerServer).Assembly,
    };

    [GeneratedRegex(@"^\| `src/(?<folder>[\w./]+)` \| [^|\n]+ \| (?<uses>[^|\n]+) \|$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
