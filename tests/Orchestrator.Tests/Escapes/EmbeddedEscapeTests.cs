using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Escapes;

/// <summary>Each rule of SecretPolicy with each attack, on the in-memory store. No cell may end with access to another team's secret.</summary>
public sealed class EmbeddedEscapeTests(ITestOutputHelper output)
{
    public static TheoryData<string> Rules => [.. EscapeRules.All.Select(r => r.Name)];

    public static TheoryData<string> Ways => [.. EscapeWays.All.Select(w => w.Name)];

    [Theory(Explicit = true)]
    [MemberData(nameof(Rules))]
    public async Task A_tenant_who_breaks_a_rule_reaches_no_secret_of_others_in_any_way(string name)
    {
        var cells = CellsOf(name).ToList();
        var escapes = await RunCells(cells);
        output.WriteLine($"{name}: {cells.Count} of {EscapeRules.Cells.Count} cells in memory, {escapes.Count} escapes");
        Assert.Empty(escapes);
    }

    /// <summary>A selection of cells for the inner loop: every rule once, with the attacks in turn.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_tenant_who_breaks_a_rule_in_one_way_reaches_no_secret_of_others(string name)
    {
        var cells = CellsOf(name).ToList();
        Assert.Empty(await RunCells([cells[EscapeRules.All.Select(r => r.Name).ToList().IndexOf(name) % cells.Count]]));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Without_a_policy_each_attack_reaches_the_secret_and_the_suite_detects_it(string name)
    {
        var (rule, way) = Assert.Single(EscapeControls.All, c => c.Way.Name == name);
        await using var world = await World.Start(rule);
        var cell = new EscapeCell(world, rule, way);
        Assert.NotNull(await cell.Run());
        Assert.True(await cell.HasFoothold(), name);
    }

    private static IEnumerable<(EscapeRule Rule, EscapeWay Way)> CellsOf(string name) => EscapeRules.Cells.Where(c => c.Rule.Name == name);

    private static async Task<IReadOnlyList<string>> RunCells(IReadOnlyList<(EscapeRule Rule, EscapeWay Way)> cells)
    {
        var escapes = new List<string>();
        foreach (var (rule, way) in cells)
        {
            await using var world = await World.Start(rule);
            if (await new EscapeCell(world, rule, way).Run() is { } escape)
                escapes.Add(escape);
        }

        return escapes;
    }

    private sealed class World(EmbeddedCluster cluster) : IEscapeWorld
    {
        public IResourceStore Platform => cluster.Store;

        public IResourceStore Tenant => cluster.Store;

        public string Namespace => "tenant";

        public string Neighbour => "vault-team";

        public string Prefix => "p";

        public string ClusterId => cluster.Identity.Id;

        public SecretsManagerServer SecretsManager => cluster.SecretsManager;

        public static async Task<World> Start(EscapeRule rule)
        {
            var cluster = await EmbeddedCluster.StartAsync(hasWalls: true);
            foreach (var ns in (string[])["tenant", "vault-team"])
                await cluster.Put(NewResource.Namespace(ns));
            cluster.RequiresPolicy = rule.RequiresPolicy;
            if (rule.Cluster.IdIn("tenant") is { } id)
                cluster.Identity = (id, []);
            await cluster.Restart();
            if (rule.DeniedAction is { } action)
                cluster.SecretsManager.Faults.DenyAlways(action);

            return new(cluster);
        }

        public Task Quiet() => cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20));

        public Task<IReadOnlyList<string>> Events() => Task.FromResult(
            (IReadOnlyList<string>)[.. cluster.EventTexts.Where(e => !e.StartsWith("vault-owner:", StringComparison.Ordinal))]);

        public ValueTask DisposeAsync() => cluster.DisposeAsync();
    }
}
