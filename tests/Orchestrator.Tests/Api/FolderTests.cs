using System.Reflection;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Api;

/// <summary>The folders of <c>src</c>: none reaches itself again through what it uses.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects => ["Orchestrator"];

    [Theory, MemberData(nameof(Projects))]
    public void Folders_form_no_cycle(string project)
    {
        var graph = FolderGraph.Of(Of(project));

        Assert.True(graph.Folders.Count() > 5, "too few folders were found: nothing would be checked");
        var cycles = graph.Cycles();
        Assert.True(cycles.Count == 0, $"folders use each other in a cycle:\n{string.Join('\n', cycles)}");
    }

    private static Assembly Of(string project) => project switch
    {
        "Orchestrator" => typeof(Component).Assembly,
        "Orchestrator.Cli" => typeof(DorchCommand).Assembly,
        _ => typeof(SecretsManagerServer).Assembly,
    };
}
