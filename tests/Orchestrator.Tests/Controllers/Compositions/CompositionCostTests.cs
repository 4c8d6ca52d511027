using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>What a Composition of many entries costs the API server.</summary>
public sealed class CompositionCostTests
{
    private const int WritesAChild = 4;

    private readonly ScriptedHandler make = new("make");

    [Theory]
    [InlineData("chain", 20)]
    [InlineData("wide", 50)]
    [InlineData("chain", 200, Explicit = true)]
    [InlineData("wide", 500, Explicit = true)]
    public async Task A_child_costs_at_most_four_writes_each_to_create_change_and_delete_it(string shape, int entries)
    {
        await using var cluster = new ScriptedCluster(make);
        await cluster.PutComposition("sys", Entries(shape, entries, "one"));
        await cluster.RunUntilQuiet();
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);
        AssertFew(entries, cluster.Writes);

        var before = cluster.Writes.Count;
        await cluster.PutComposition("sys", Entries(shape, entries, "two"));
        await cluster.RunUntilQuiet();
        Assert.Equal(2 * entries, make.Calls.Count);
        AssertFew(entries, [.. cluster.Writes.Skip(before)]);

        before = cluster.Writes.Count;
        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Equal("", await cluster.Names());
        AssertFew(entries, [.. cluster.Writes.Skip(before)]);
    }

    private static void AssertFew(int entries, IReadOnlyList<string> writes)
    {
        var each = writes.Select(w => w.Split(' ')[1]).CountBy(name => name).ToDictionary();
        Assert.Equal(entries, each.Count(e => e.Key != "sys"));
        Assert.All(each.Where(e => e.Key != "sys"), e => Assert.InRange(e.Value, 1, WritesAChild));
        // Its finalizer, and a status at most once a second.
        Assert.InRange(each["sys"], 1, 4);
    }

    private static IEnumerable<string> Entries(string shape, int count, string value) => Enumerable.Range(0, count).Select(i =>
    {
        var output = shape == "wide" || i == 0 ? value : $"{{{{ .c{i - 1}.providerStatus.v }}}}";
        return $$$"""{"name":"c{{{i}}}","type":"make","config":{"outputs":{"v":"{{{output}}}"} } }""";
    });
}
