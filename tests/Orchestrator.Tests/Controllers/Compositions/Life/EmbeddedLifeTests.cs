using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>The life of a Composition on the in-memory store.</summary>
public sealed class EmbeddedLifeTests(ITestOutputHelper output) : CompositionLife(output)
{
    protected override int AtOnce => 4;

    [Theory(Explicit = true)]
    [MemberData(nameof(Verbs))]
    public Task An_operation_completes_wherever_the_controllers_die(string name) => RunVerb(name, kills: int.MaxValue);

    private protected override async Task<ILifeWorld> NewWorld()
    {
        // One worker, so that writes come in the same order each time.
        var cluster = await EmbeddedCluster.StartAsync(workers: 1);
        var world = new EmbeddedWorld(cluster);
        await cluster.Put(NewResource.Namespace(world.Namespace));
        return world;
    }

    private sealed class EmbeddedWorld(EmbeddedCluster cluster) : ILifeWorld
    {
        public IResourceStore Store => cluster.Store;

        public HookedStore Hooked => cluster.Hooked;

        public string Namespace => "team-of-ours";

        public SecretsManagerServer SecretsManager => cluster.SecretsManager;

        public (int Most, int Still) Looks => (60, 3);

        public void Kill() => cluster.Kill();

        public Task Restart() => cluster.Restart();

        // Seconds at first, then longer steps for work that waits for minutes.
        public Task Pass(int looks) => cluster.Advance(looks < 10 ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20));

        public ValueTask DisposeAsync() => cluster.DisposeAsync();
    }
}
