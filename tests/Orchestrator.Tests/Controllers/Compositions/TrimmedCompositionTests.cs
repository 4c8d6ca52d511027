using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>The informer keeps a small part of a large Composition: enough to decide, and never written back.</summary>
public sealed class TrimmedCompositionTests
{
    private static readonly string Filler = new('x', 300_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Names_handlers_and_references_of_our_configs_are_kept()
    {
        var whole = Composition("""
            {"name":"a","type":"make","dependsOn":["b"],"config":{"secretName":"s","region":"{{ .b.providerStatus.r }}","text":"FILLER","n":{"m":1}}},
            {"name":"b","type":"rds","config":{"size":"large"}}
            """) with
        { Status = new() { Phase = Phase.Ready, Components = [new() { Name = "a", Component = "sys-a", Type = "make", Phase = Phase.Ready }] } };

        var kept = Trim(whole);

        Assert.True(kept.Spec.IsTrimmed);
        Assert.Equal((Phase.Ready, null), (kept.Status!.Phase, kept.Status.Components));
        Assert.Equal([("a", "make"), ("b", "rds")], kept.Spec.Components.Select(e => (e.Name, e.Type)));
        Assert.Equal("""{"region":"{{ .b.providerStatus.r }}","secretName":"s"}""", kept.Spec.Components[0].Config!.ToJsonString());
        Assert.Null(kept.Spec.Components[1].Config);
    }

    [Fact]
    public void A_spec_is_trimmed_once_for_each_generation()
    {
        var whole = Composition("""{"name":"a","type":"rds","config":{"text":"FILLER"}}""");
        whole = whole with { Metadata = whole.Metadata with { Uid = "u", Generation = 1 } };
        var kept = Trim(whole);

        Assert.Same(kept.Spec, Trim(whole with { Status = new() { Phase = "x" } }, kept).Spec);
        Assert.NotSame(kept.Spec, Trim(whole with { Metadata = whole.Metadata with { Generation = 2 } }, kept).Spec);
    }

    // Thousands of small entries are as large as one large config.
    [Theory]
    [InlineData(100, false)]
    [InlineData(20_000, true)]
    public void Entries_without_a_config_count_towards_the_size(int entries, bool isTrimmed) =>
        Assert.Equal(isTrimmed, Trim(Composition(string.Join(',', Enumerable.Range(0, entries).Select(i =>
            new JsonObject { ["name"] = $"e{i}", ["type"] = "x" }.ToJsonString())))).Spec.IsTrimmed);

    [Fact]
    public async Task A_trimmed_Composition_is_never_written()
    {
        var client = new ResourceClient<Composition>(new ScriptedStore(), ResourceType.Composition, ApiJson.Default.Composition);
        var trimmed = Trim(Composition("""{"name":"a","type":"rds","config":{"text":"FILLER"}}"""));

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Replace(trimmed, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ReplaceStatus(trimmed, Cancellation));
    }

    [Fact]
    public async Task A_large_Composition_behaves_like_a_small_one_and_keeps_its_spec()
    {
        var make = new ScriptedHandler("make");
        await using var cluster = new ScriptedCluster(make);
        string Spec(string host) => """
            {"name":"db","type":"make","config":{"outputs":{"host":"HOST"}}},
            {"name":"app","type":"make","config":{"with":["{{ .db.providerStatus.host }}","FILLER"]}}
            """.Replace("HOST", host, StringComparison.Ordinal).Replace("FILLER", Filler, StringComparison.Ordinal);
        await cluster.PutComposition("sys", Spec("one"));
        await cluster.RunUntilQuiet();
        Assert.Contains("\"with\":[\"one\"", make.Calls[^1], StringComparison.Ordinal);
        Assert.Equal(Phase.Ready, (await cluster.Composition("sys")).Status!.Phase);

        await cluster.PutComposition("sys", Spec("two"));
        await cluster.RunUntilQuiet();
        Assert.Contains("\"with\":[\"two\"", make.Calls[^1], StringComparison.Ordinal);
        Assert.Equal(Filler, (string?)(await cluster.Composition("sys")).Spec.Components[1].Config!["with"]![1]);

        await cluster.Delete("sys", ResourceType.Composition);
        await cluster.RunUntilQuiet();
        Assert.Null(await cluster.Find("sys-app"));
        Assert.Null(await cluster.Find("sys-db"));
    }

    private static Composition Composition(string entries) => new ResourceClient<Composition>(
        new ScriptedStore(), ResourceType.Composition, ApiJson.Default.Composition).Read(new()
        {
            ["metadata"] = new JsonObject { ["name"] = "sys", ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["components"] = JsonNode.Parse($"[{entries.Replace("FILLER", Filler, StringComparison.Ordinal)}]") },
        });

    private static Composition Trim(Composition whole, Composition? before = null) => TrimmedComposition.Of(whole, before, name => name == "make");
}
