using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.HandedObjects;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.PushedCompositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Heirs that are not fully known, or that cannot take an object over.</summary>
public sealed partial class HandoverTests
{
    [Theory]
    [InlineData("data", true)]
    [InlineData("elsewhere", false)]
    [InlineData(null, true)]
    public async Task A_deletion_waits_a_limited_time_for_a_name_that_is_not_known_yet(string? becomes, bool stays)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("first", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Late, Entry("second", Claim("{{ .late.providerStatus.name }}")));
        await cluster.Advance(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        Assert.Equal(uid, await Uid(cluster, "data"));
        Assert.Contains("waits to learn whether the entry second of Composition default/one lists PersistentVolumeClaim default/data",
            (await cluster.Component("one-first")).Status!.Message, StringComparison.Ordinal);

        if (becomes is null)
        {
            await cluster.Advance(TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(1));
            Assert.Empty(await Children(cluster, "one-first"));
            becomes = "data";
        }

        await cluster.Put(NewResource.ConfigMap("default", "late", ("name", becomes)));
        await cluster.Advance(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(20));
        Assert.Equal(stays ? uid : null, await Uid(cluster, "data"));
        Assert.Equal("default/one-second", await Owner(cluster, becomes));
        Assert.Equal(Phase.Ready, (await cluster.Composition("one")).Status!.Phase);
    }

    [Fact]
    public async Task An_heir_in_another_version_of_the_kind_takes_the_object_over()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        const string manifest = """{"apiVersion":"example.org/VERSION","kind":"Database","metadata":{"name":"db"}}""";
        string Of(string version) => manifest.Replace("VERSION", version, StringComparison.Ordinal);
        await PutComposition(cluster, "one", Entry("first", Of("v1")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        cluster.Kill();
        await cluster.WhenQuiet();
        await cluster.Delete("one-first");
        await PutComposition(cluster, "one", Late, AfterLate(Entry("second", Of("v2"))));
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.NotNull(await cluster.Store.Get(new("example.org", "v1", "Database"), new("default", "db"), TestContext.Current.CancellationToken));
        Assert.Contains(cluster.EventTexts, e => e.Contains("left Database default/db in place", StringComparison.Ordinal));
    }

    // The operator keeps only a large Composition's names and references.
    [Fact]
    public async Task A_large_Composition_keeps_its_objects_through_a_rename()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var large = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"large"},"data":{"k":"TEXT"}}"""
            .Replace("TEXT", new string('x', 300 * 1024), StringComparison.Ordinal);
        await PutComposition(cluster, "one", Entry("first", Claim("data"), large));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Late, AfterLate(Entry("second", Claim("data"), large)));
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        Assert.Equal(uid, await Uid(cluster, "data"));
        await cluster.Put(NewResource.ConfigMap("default", "late", ("name", "x")));
        await AssertReadySoon(cluster, "one");
        Assert.Equal((uid, "default/one-second"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
    }

    [Fact]
    public async Task In_a_terminating_Namespace_nobody_inherits()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.Put(NewResource.Namespace("going"));
        await cluster.Put(NewResource.Composition("going", "one", [JsonNode.Parse(Entry("db", Cluster("wide")))!]));
        await cluster.Put(NewResource.Composition("going", "two", [JsonNode.Parse(Entry("db", Cluster("wide")))!]));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        cluster.Kill();
        await cluster.WhenQuiet();
        var ns = (await cluster.Store.Get(ResourceType.Namespace, new(null, "going"), TestContext.Current.CancellationToken))!;
        ns["metadata"]!["finalizers"] = new JsonArray("example.org/held");
        await cluster.Store.Replace(ns, TestContext.Current.CancellationToken);
        await cluster.Delete("going", ResourceType.Namespace, null!);
        foreach (var child in await Children(cluster, "", "going"))
            await cluster.Delete(child, @namespace: "going");
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.Null(await cluster.Store.Get(new("rbac.authorization.k8s.io", "v1", "ClusterRole"), new(null, "wide"), TestContext.Current.CancellationToken));
    }
}
