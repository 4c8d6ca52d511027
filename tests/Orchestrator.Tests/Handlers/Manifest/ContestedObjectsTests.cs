using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.Manifest;

/// <summary>Another manager keeps reverting an object, and neither side gives in.</summary>
public sealed class ContestedObjectsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sets a field back")]
    [InlineData("deletes the object")]
    public async Task A_manager_that_reverts_each_apply_at_once_causes_few_reconciles_and_is_named(string rival)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var rounds = 0;
        cluster.Hooked.After = async (call, name) =>
        {
            // Without a limit on its pace, an operator would fight a stubborn rival for ever.
            if ((call, name) != ("Apply", "contested") || ++rounds > 500)
                return;
            if (rival == "deletes the object")
                await cluster.Store.Delete(ResourceType.ConfigMap, new("default", "contested"), new(), Cancellation);
            else
                await cluster.Store.Apply(ConfigMap("contested", "theirs"), new("rival", Force: true), Cancellation);
        };
        await cluster.PutComponent("fighter", Manifests(ConfigMap("contested", "ours"), ConfigMap("calm", "ours")), handler: "manifest");
        await cluster.WhenQuiet();

        await cluster.Advance(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.InRange(rounds, 6, 12);
        await cluster.Advance(TimeSpan.FromMinutes(59), TimeSpan.FromSeconds(10));

        Assert.InRange(rounds, 10, 30);
        var told = Assert.Single(cluster.EventTexts, e => e.Contains("FieldContested", StringComparison.Ordinal));
        Assert.Equal(rival == "deletes the object"
            ? "fighter: FieldContested: ConfigMap default/contested was corrected 6 times within an hour: another client keeps changing or deleting it; "
                + "leave its fields out of the manifest, or stop that client"
            : "fighter: FieldContested: ConfigMap default/contested: data.k was corrected 6 times within an hour, \"rival\" keeps changing it: "
                + "leave the field out of the manifest, or stop that client", told);
        Assert.Equal(Phase.Ready, (await cluster.Component("fighter")).Status!.Phase);

        // Other objects are still corrected at once.
        await cluster.Store.Delete(ResourceType.ConfigMap, new("default", "calm"), new(), Cancellation);
        await cluster.Advance(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        Assert.NotNull(await cluster.Store.Get(ResourceType.ConfigMap, new("default", "calm"), Cancellation));

        await cluster.Advance(TimeSpan.FromHours(1), TimeSpan.FromSeconds(10));
        Assert.InRange(rounds, 15, 50);
        Assert.Equal(2, cluster.EventTexts.Count(e => e.Contains("FieldContested", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Repeated_changes_of_an_object_cause_one_reconcile_a_second()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.PutComponent("follower", Manifests(ConfigMap("busy", "ours")), handler: "manifest");
        await cluster.WhenQuiet();
        var applies = 0;
        cluster.Hooked.After = (call, _) => Task.FromResult(applies += call == "Apply" ? 1 : 0);

        for (var i = 0; i < 100; i++)
        {
            await cluster.Store.Apply(Labelled(ConfigMap("busy", "ours"), $"{i}"), new("other", Force: true), Cancellation);
            await cluster.Advance(TimeSpan.FromMilliseconds(100));
        }

        await cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(applies, 9, 12);
    }

    [Fact]
    public async Task A_change_of_one_object_does_not_read_all_two_hundred()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var manifests = Enumerable.Range(0, 200).Select(i => ConfigMap($"m{i}", "ours")).ToArray();
        await cluster.PutComponent("many", Manifests(manifests), handler: "manifest");
        await cluster.WhenQuiet();
        var version = (await cluster.Component("many")).Metadata.ResourceVersion;
        var calls = new List<string>();
        cluster.Hooked.After = (call, name) =>
        {
            lock (calls)
                calls.Add($"{call} {name}");
            return Task.CompletedTask;
        };

        await cluster.Store.Apply(ConfigMap("m7", "theirs"), new("rival", Force: true), Cancellation);
        await cluster.Advance(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));

        Assert.Equal(["Apply m7", "Get m7"], calls.Where(c => c.StartsWith("Apply", StringComparison.Ordinal) || c.StartsWith("Get", StringComparison.Ordinal))
            .Distinct().Order());
        Assert.Equal("ours", (string?)(await cluster.Store.Get(ResourceType.ConfigMap, new("default", "m7"), Cancellation))!["data"]!["k"]);
        Assert.Equal(version, (await cluster.Component("many")).Metadata.ResourceVersion);

        // All are checked when they are due, however often one of them changes before.
        calls.Clear();
        for (var i = 0; i < 12; i++)
        {
            await cluster.Store.Apply(Labelled(ConfigMap("m7", "ours"), $"{i}"), new("other", Force: true), Cancellation);
            await cluster.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Contains("Apply m199", calls);
    }

    private static JsonObject Manifests(params JsonObject[] manifests) => new() { ["manifests"] = new JsonArray([.. manifests]) };

    private static JsonObject Labelled(JsonObject resource, string label)
    {
        resource.Remove("data");
        resource["metadata"]!["labels"] = new JsonObject { ["count"] = label };
        return resource;
    }

    private static JsonObject ConfigMap(string name, string value) => NewResource.ConfigMap("default", name, ("k", value));
}
