using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.PushedCompositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>A namespace is restored from a backup while controllers run: no value changes, and no secret is scheduled for deletion.</summary>
public sealed class RestoreTests
{
    private const string Map = """{"name":"base","type":"config-reader","config":{"sources":[{"name":"base","exports":[{"key":"host"},{"key":"path"}]}]}}""";
    private const string Referring =
        """{"name":"referring","type":"secret-push","config":{"secretName":"NS/{{ .base.providerStatus.path """
        + """}}","recoveryWindowInDays":0,"fields":{"h":{"value":"{{ .base.providerStatus.host }}"},"p":{"generator":{"passwordLength":20}}}}}""";
    private const string After =
        """{"name":"after","type":"secret-push","dependsOn":["referring"],"config":{"secretName":"NS/after","fields":{"s":{"value":"{{ """
        + """.referring.providerStatus.secretPath }}"},"p":{"generator":{"passwordLength":20}}}}}""";

    public static TheoryData<RestoreOrder, bool, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<RestoreOrder, bool, bool, bool>();
            foreach (var order in Enum.GetValues<RestoreOrder>())
            {
                foreach (var (owners, status) in (ReadOnlySpan<(bool, bool)>)[(false, false), (false, true), (true, false), (true, true)])
                {
                    ways.Add(order, owners, status, false);
                    ways.Add(order, owners, status, true);
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_restored_namespace_keeps_every_value(RestoreOrder order, bool withOwners, bool withStatus, bool label)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutMap(cluster);
        foreach (var name in (string[])["one", "two"])
            await PutComposition(cluster, name, Map, Plain, Fresh, Referring, After);
        foreach (var name in (string[])["alone", "beside"])
            await cluster.PutComponent(name,
                JsonNode.Parse($$"""{"secretName":"{{name}}","fields":{"p":{"generator":{"passwordLength":20} } } }""")!.AsObject());
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var versions = await Versions(cluster);
        var backup = await Backup.Of(cluster.Store, "default");

        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await cluster.Restart();
        await cluster.WhenQuiet();
        await backup.Restore(cluster.Store, order, withOwners, withStatus, label, cluster.WhenQuiet);
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));

        Assert.Equal(versions, await Versions(cluster));
        Assert.DoesNotContain(cluster.Events, e => e.EndsWith("SecretDeleted", StringComparison.Ordinal)
            || e.EndsWith("SecretRestored", StringComparison.Ordinal));
        foreach (var name in (string[])["one", "two"])
        {
            var composition = await cluster.Composition(name);
            Assert.Equal(Phase.Ready, composition.Status!.Phase);
            foreach (var entry in composition.Spec.Components)
            {
                var child = await cluster.Component($"{name}-{entry.Name}");
                Assert.Equal((Phase.Ready, composition.Metadata.Uid), (child.Status!.Phase, child.Metadata.Controller()?.Uid));
                Assert.Single(child.Metadata.OwnerReferences!);
                Assert.True(child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer));
            }
        }

        foreach (var name in (string[])["alone", "beside"])
            Assert.Equal(Phase.Ready, (await cluster.Component(name)).Status!.Phase);
    }

    // A PersistentVolumeClaim that is deleted and applied again would lose its data.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_restored_namespace_keeps_every_object_of_its_manifests(RestoreOrder order, bool withOwners, bool withStatus, bool label)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        const string objects =
            """{"name":"objects","type":"manifest","config":{"manifests":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":"""
            + """{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}}]}}""";
        await PutComposition(cluster, "one", objects);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await ClaimUid(cluster);
        var backup = await Backup.Of(cluster.Store, "default");

        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromSeconds(1));
        await backup.Restore(cluster.Store, order, withOwners, withStatus, label, cluster.WhenQuiet);
        await cluster.Advance(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));

        Assert.Equal(uid, await ClaimUid(cluster));
        Assert.Equal(Phase.Ready, (await cluster.Composition("one")).Status!.Phase);
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.Null(await ClaimUid(cluster));
    }

    [Fact]
    public async Task Deleting_a_restored_Composition_deletes_its_secrets()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutMap(cluster);
        await PutComposition(cluster, "one", Map, Plain, After.Replace("{{ .referring.providerStatus.secretPath }}", "x", StringComparison.Ordinal)
            .Replace("\"referring\"", "\"plain\"", StringComparison.Ordinal));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var backup = await Backup.Of(cluster.Store, "default");
        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await cluster.Restart();
        await backup.Restore(cluster.Store, RestoreOrder.ComponentsFirst, withOwners: true, withStatus: false, between: cluster.WhenQuiet);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["one/after, going", "one/plain, going"], (await Versions(cluster))
            .Select(v => $"{v.Split(' ')[0]}{v[v.IndexOf(',', StringComparison.Ordinal)..]}"));
        Assert.Empty((await cluster.Store.List(ResourceType.Component, "default", TestContext.Current.CancellationToken)).Items);
    }

    // An external handler deletes its object once the coordination finalizer is removed.
    [Theory]
    [InlineData(RestoreOrder.ComponentsFirst)]
    [InlineData(RestoreOrder.CompositionsFirst)]
    public async Task Restored_children_that_are_garbage_collected_are_deleted_after_their_dependents(RestoreOrder order)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(
            cluster,
            "one",
            """{"name":"db","type":"secret-push","config":{"secretName":"NS/db","fields":{"p":{"generator":{"passwordLength":20}}}}}""",
            """{"name":"app","type":"secret-push","dependsOn":["db"],"config":{"secretName":"NS/app","fields":{"p":{"generator":{"passwordLength":20}}}}}""",
            """{"name":"page","type":"secret-push","dependsOn":["app","db"],"config":"""
            + """{"secretName":"NS/page","fields":{"p":{"generator":{"passwordLength":20}}}}}""");
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var backup = await Backup.Of(cluster.Store, "default");
        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await backup.Restore(cluster.Store, order, withOwners: true, withStatus: true);
        var released = new List<string>();
        cluster.Hooked.After = async (call, name) =>
        {
            if (call == "Replace" && await cluster.Store.Get(ResourceType.Component, new("default", name), CancellationToken.None) is { } child
                && child["metadata"]!["deletionTimestamp"] is not null
                && !child["metadata"]!["finalizers"]!.AsArray().Any(f => (string?)f == ApiGroup.CoordinationFinalizer))
            {
                lock (released)
                    released.Add(name);
            }
        };

        await cluster.Restart();
        await cluster.Advance(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        Assert.Equal(["one-page", "one-app", "one-db"], released);
        Assert.Equal(Phase.Ready, (await cluster.Composition("one")).Status!.Phase);
    }

    [Fact]
    public async Task A_restored_manifest_takes_over_the_objects_of_a_lost_entry()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        const string objects =
            """{"name":"NAME","type":"manifest","config":{"manifests":[{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":"""
            + """{"name":"data"},"spec":{"size":"SIZE"}}]}}""";
        string Entry(string name, string size) => objects.Replace("NAME", name, StringComparison.Ordinal).Replace("SIZE", size, StringComparison.Ordinal);
        await PutComposition(cluster, "one", Entry("first", "1Gi"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var backup = await Backup.Of(cluster.Store, "default");
        await PutComposition(cluster, "one", Entry("second", "2Gi"));
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        var uid = await ClaimUid(cluster);
        cluster.Kill();
        await cluster.WhenQuiet();
        await Backup.Wipe(cluster.Store, "default");
        await cluster.Restart();
        await backup.Restore(cluster.Store, RestoreOrder.CompositionsFirst, withOwners: false, withStatus: false, between: cluster.WhenQuiet);
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));

        Assert.Equal(uid, await ClaimUid(cluster));
        Assert.Contains("one-first: ResourceTakenOver: took over PersistentVolumeClaim default/data from Component default/one-second, which is gone",
            cluster.EventTexts);
        Assert.Equal(Phase.Ready, (await cluster.Composition("one")).Status!.Phase);
    }

    private static async Task<string?> ClaimUid(EmbeddedCluster cluster) => (string?)(await cluster.Store.Get(
        new("", "v1", "PersistentVolumeClaim"), new("default", "data"), TestContext.Current.CancellationToken))?["metadata"]!["uid"];

    private static Task PutMap(EmbeddedCluster cluster) => cluster.Put(
        NewResource.ConfigMap("default", "base", ("host", "db.example.com"), ("path", "referring")));
}
