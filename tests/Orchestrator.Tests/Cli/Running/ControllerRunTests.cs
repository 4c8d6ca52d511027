using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Cli.Running;

public sealed class ControllerRunTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_view_that_fails_ends_the_wait_for_the_run()
    {
        var store = new InMemoryResourceStore(TimeProvider.System, (_, _) => "00000000-0000-0000-0000-000000000001");
        var failures = new RecentFailures();
        var informers = new ClusterInformers(store, TimeProvider.System, failures);
        var run = new ControllerRun(store, informers, new([]), failures, TimeProvider.System, new BrokenView()).Start();
        await store.Create(
            new()
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = "Component",
                ["metadata"] = new JsonObject { ["name"] = "a", ["namespace"] = "default" },
                ["spec"] = new JsonObject { ["handler"] = "nobody" },
            },
            Stop);

        await Assert.ThrowsAsync<IOException>(() => run.ShowEnd().Soon());
        await Assert.ThrowsAsync<IOException>(async () => await run.DisposeAsync());
    }

    private sealed class BrokenView : IProgressView
    {
        public bool IsRedrawn => false;

        public void Changed(IReadOnlyList<StatusRow> rows) => throw new IOException("broken pipe");

        public void Waiting(IReadOnlyList<StatusRow> rows) => throw new IOException("broken pipe");

        public void Note(string line) => throw new IOException("broken pipe");

        public Task Ended(IReadOnlyList<StatusRow> rows) => throw new IOException("broken pipe");
    }
}
