using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>An object moves from one entry to another on a real API server, and stays the same object.</summary>
public sealed class HandoverTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    [Fact]
    public async Task A_renamed_entry_and_an_object_that_moves_keep_their_objects()
    {
        await StartOperator();
        await Apply(("first", [ConfigMap("a", "1"), ConfigMap("b", "1")]), ("other", [ConfigMap("c", "1")]));
        await Ready("one-first");
        await Ready("one-other");
        var uids = await Uids();

        await Apply(("second", [ConfigMap("a", "2")]), ("other", [ConfigMap("c", "1"), ConfigMap("b", "2")]));
        await Ready("one-second");
        await Ready("one-other");
        await Eventually.Holds(async () => await Live(ResourceType.Component, "one-first") is null, "the end of the renamed entry's old child");
        await UntilLive(ResourceType.ConfigMap, "b", live => (string?)live?["data"]?["k"] == "2", "of its new owner");

        Assert.Equal(uids, await Uids());
        Assert.Equal("2", (string?)(await Live(ResourceType.ConfigMap, "a"))!["data"]!["k"]);
        Assert.Equal([$"{Namespace}/one-second", $"{Namespace}/one-other", $"{Namespace}/one-other"], await Owners());

        await Store.Delete(ResourceType.Composition, new(Namespace, "one"), new(), Cancellation);
        foreach (var name in (string[])["a", "b", "c"])
            await UntilLive(ResourceType.ConfigMap, name, live => live is null, "gone");
    }

    private Task<JsonObject> Apply(params (string Entry, JsonObject[] Manifests)[] entries) => Store.Apply(
        NewResource.Composition(Namespace, "one", [.. entries.Select(e => (JsonNode)new JsonObject
        {
            ["name"] = e.Entry,
            ["type"] = "manifest",
            ["config"] = new JsonObject { ["manifests"] = new JsonArray([.. e.Manifests]) },
        })]),
        new("test", Force: true), Cancellation);

    private Task<IReadOnlyList<string?>> Uids() => Of(live => (string?)live["metadata"]!["uid"]);

    private Task<IReadOnlyList<string?>> Owners() => Of(live => (string?)live["metadata"]!["annotations"]!["deployment-orchestrator.io/owner"]);

    private async Task<IReadOnlyList<string?>> Of(Func<JsonObject, string?> read)
    {
        var values = new List<string?>();
        foreach (var name in (string[])["a", "b", "c"])
            values.Add(read((await Live(ResourceType.ConfigMap, name))!));
        return values;
    }
}
