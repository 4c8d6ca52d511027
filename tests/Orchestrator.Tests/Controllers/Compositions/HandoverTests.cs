using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.HandedObjects;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.PushedCompositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>An object of a <c>manifest</c> gets another Component by an edit: it is never deleted on the way, as it may be a database.</summary>
public sealed class HandoverTests
{
    [Fact]
    public async Task A_renamed_entry_keeps_its_object()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("first", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Entry("second", Claim("data")));
        await Settled(cluster, "one");

        Assert.Equal((uid, "default/one-second"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Equal(["one-second"], await Children(cluster));
        Assert.DoesNotContain(cluster.Events, e => e.Contains("ResourceDeleted", StringComparison.Ordinal));
        Assert.Single(cluster.EventTexts, e => e.StartsWith(
            "one-second: ResourceTakenOver: took over PersistentVolumeClaim default/data from Component default/one-first, which ", StringComparison.Ordinal));
        Assert.Single(cluster.EventTexts, e => e.StartsWith(
            "one-first: ResourceLeft: left PersistentVolumeClaim default/data in place: ", StringComparison.Ordinal));
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Null(await Uid(cluster, "data"));
    }

    // The new entry cannot be created before something that it needs is Ready.
    [Fact]
    public async Task A_renamed_entry_that_has_to_wait_takes_over_what_the_old_one_left()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("first", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Late, AfterLate(Entry("second", Claim("data"))));
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        Assert.Equal((uid, "default/one-first"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Contains("one-first: ResourceLeft: left PersistentVolumeClaim default/data in place: the entry second of Composition default/one takes it over",
            cluster.EventTexts);

        await cluster.Put(NewResource.ConfigMap("default", "late", ("name", "x")));
        await Settled(cluster, "one");
        Assert.Equal((uid, "default/one-second"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Contains("one-second: ResourceTakenOver: took over PersistentVolumeClaim default/data from Component default/one-first, which is gone",
            cluster.EventTexts);
    }

    [Fact]
    public async Task An_object_that_moves_to_another_entry_stays_the_same()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("app", Claim("data"), Claim("cache")), Entry("storage", Claim("logs")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uids = (await Uid(cluster, "data"), await Uid(cluster, "cache"), await Uid(cluster, "logs"));
        await PutComposition(cluster, "one", Entry("app", Claim("cache")), Entry("storage", Claim("logs"), Claim("data")));
        await Settled(cluster, "one");

        Assert.Equal(uids, (await Uid(cluster, "data"), await Uid(cluster, "cache"), await Uid(cluster, "logs")));
        Assert.Equal("default/one-storage", await Owner(cluster, "data"));
        Assert.DoesNotContain(await Inventory(cluster, "one-app"), e => e == "data");
        await PutComposition(cluster, "one", Entry("app", Claim("cache")), Entry("storage", Claim("logs")));
        await Settled(cluster, "one");
        Assert.Null(await Uid(cluster, "data"));
    }

    // The config of app cannot follow before database is Ready, which has to have the object for that.
    [Fact]
    public async Task An_object_moves_into_a_new_entry_that_its_old_one_needs()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("app", Claim("data"), Claim("cache")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one",
            Entry("app", Claim("{{ .database.providerStatus.name }}-2")),
            Entry("database", Claim("data")).Replace("]}}", """],"outputs":{"name":{"kind":"PersistentVolumeClaim","name":"data","path":"metadata.name"}}}}""",
                StringComparison.Ordinal));
        await Settled(cluster, "one");

        Assert.Equal((uid, "default/one-database"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.NotNull(await Uid(cluster, "data-2"));
        Assert.Null(await Uid(cluster, "cache"));
    }

    [Fact]
    public async Task Two_entries_swap_their_objects()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("a", Claim("x")), Entry("b", Claim("y")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uids = (await Uid(cluster, "x"), await Uid(cluster, "y"));
        await PutComposition(cluster, "one", Entry("a", Claim("y")), Entry("b", Claim("x")));
        await Settled(cluster, "one");
        Assert.Equal(uids, (await Uid(cluster, "x"), await Uid(cluster, "y")));
        Assert.Equal(("default/one-b", "default/one-a"), (await Owner(cluster, "x"), await Owner(cluster, "y")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_entry_renamed_again_and_again_keeps_its_object(bool isSeenInBetween)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("a", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        foreach (var name in (string[])["b", "c", "a", "d"])
        {
            await PutComposition(cluster, "one", Entry(name, Claim("data")));
            if (isSeenInBetween)
                await cluster.WhenQuiet();
        }

        await Settled(cluster, "one");
        Assert.Equal((uid, "default/one-d"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
    }

    // kubectl apply of the new one, and then the old one is pruned.
    [Fact]
    public async Task A_renamed_Composition_keeps_its_objects()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "two", Entry("db", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("default/one-db", await Owner(cluster, "data"));
        Assert.Contains("belongs to Component default/one-db", (await cluster.Component("two-db")).Status!.Message, StringComparison.Ordinal);

        await cluster.Delete("one", ResourceType.Composition);
        await Settled(cluster, "two");
        Assert.Equal((uid, "default/two-db"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Equal(["two-db"], await Children(cluster));
    }

    [Fact]
    public async Task An_object_moves_between_Components_of_their_own_and_a_Composition()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutManifests(cluster, "alone", Claim("data"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await PutManifests(cluster, "alone", Claim("other"));
        await Settled(cluster, "one");
        Assert.Equal((uid, "default/one-db"), (await Uid(cluster, "data"), await Owner(cluster, "data")));

        await PutManifests(cluster, "another", Claim("data"));
        await PutComposition(cluster, "one", Entry("db", Claim("other2")));
        await Settled(cluster, "one");
        Assert.Equal((uid, "default/another"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        await PutManifests(cluster, "last", Claim("data"));
        await cluster.Delete("another");
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Equal((uid, "default/last"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
    }

    [Fact]
    public async Task An_object_goes_where_its_heir_goes_too_and_where_nobody_takes_it_in_the_end()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await PutManifests(cluster, "keeper", Claim("logs"), Claim("more"));
        await PutManifests(cluster, "heir", Claim("data"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Delete("heir");
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Null(await Uid(cluster, "data"));

        // A paused heir lists it, and is deleted before it takes it.
        await PutManifests(cluster, "heir", Claim("more"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await Pause(cluster, "heir");
        await PutManifests(cluster, "keeper", Claim("logs"));
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Equal(("default/keeper", Phase.Ready), (await Owner(cluster, "more"), (await cluster.Component("keeper")).Status!.Phase));
        await Pause(cluster, "heir", "false");
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Equal("default/heir", await Owner(cluster, "more"));
    }

    [Fact]
    public async Task An_object_kept_for_an_heir_that_never_takes_it_is_pruned()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutManifests(cluster, "keeper", Claim("logs"), Claim("more"));
        await PutManifests(cluster, "heir", Claim("more"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await Pause(cluster, "heir");
        await PutManifests(cluster, "keeper", Claim("logs"));
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        await PutManifests(cluster, "heir", Claim("else"));
        await cluster.Advance(TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(1));
        Assert.Null(await Uid(cluster, "more"));
        Assert.Equal(["logs"], await Inventory(cluster, "keeper"));
    }

    [Fact]
    public async Task Another_namespace_neither_inherits_an_object_nor_keeps_it()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Put(NewResource.Namespace("theirs"));
        await cluster.Put(NewResource.Composition("theirs", "one",
            [JsonNode.Parse(Entry("db2", Claim("data").Replace("\"data\"", "\"data\",\"namespace\":\"default\"", StringComparison.Ordinal)))!]));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await PutComposition(cluster, "one", Entry("db", Claim("other")));
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Null(await Uid(cluster, "data"));
    }

    [Fact]
    public async Task An_object_that_a_living_entry_lists_is_taken_by_nobody()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await PutComposition(cluster, "one", Entry("db", Claim("data")), Entry("thief", Claim("data")));
        await PutManifests(cluster, "thief", Claim("data"));
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Equal("default/one-db", await Owner(cluster, "data"));
        Assert.Equal(Phase.Failed, (await cluster.Component("thief")).Status!.Phase);
        Assert.Equal(Phase.Failed, (await cluster.Component("one-thief")).Status!.Phase);
    }

    [Theory]
    [InlineData("data", true)]
    [InlineData("elsewhere", false)]
    [InlineData(null, true)]
    public async Task A_deletion_waits_for_a_name_that_is_not_known_yet_and_not_for_ever(string? becomes, bool stays)
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

    // The operator keeps of a large Composition what it names, and no more.
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
        await Settled(cluster, "one");
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

    private const string Late = """{"name":"late","type":"config-reader","config":{"sources":[{"name":"late","exports":[{"key":"name"}]}]}}""";

    private static string AfterLate(string entry) => entry.Replace("\"config\"", "\"dependsOn\":[\"late\"],\"config\"", StringComparison.Ordinal);
}
