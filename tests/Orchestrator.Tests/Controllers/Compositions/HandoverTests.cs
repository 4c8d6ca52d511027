using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.HandedObjects;
using static DeploymentOrchestrator.Tests.Controllers.Compositions.PushedCompositions;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>An edit moves an object of a <c>manifest</c> to another Component. It is never deleted on the way, as it may be a database.</summary>
public sealed partial class HandoverTests
{
    [Fact]
    public async Task A_renamed_entry_keeps_its_object()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("first", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Entry("second", Claim("data")));
        await AssertReadySoon(cluster, "one");

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
        var uid = await RenamedToEntryThatWaits(cluster);

        await cluster.Put(NewResource.ConfigMap("default", "late", ("name", "x")));
        await AssertReadySoon(cluster, "one");
        Assert.Equal((uid, "default/one-second"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Contains("one-second: ResourceTakenOver: took over PersistentVolumeClaim default/data from Component default/one-first, which is gone",
            cluster.EventTexts);
    }

    // Nobody is there to delete it: the entry never had a child. An object too many can be found and deleted, lost data cannot.
    [Fact]
    public async Task An_object_stays_where_its_heir_is_removed_before_it_has_looked_and_the_next_one_takes_it_over()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        var uid = await RenamedToEntryThatWaits(cluster);
        await PutComposition(cluster, "one", Late);
        await cluster.Advance(TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(1));
        Assert.Equal((uid, "default/one-first"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Contains("one-first: ResourceLeft: left PersistentVolumeClaim default/data in place: the entry second of Composition default/one takes it over",
            cluster.EventTexts);

        await PutComposition(cluster, "one", Entry("third", Claim("data")));
        await AssertReadySoon(cluster, "one");
        Assert.Equal((uid, "default/one-third"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        await PutComposition(cluster, "one", Entry("third", Claim("other")));
        await AssertReadySoon(cluster, "one");
        Assert.Null(await Uid(cluster, "data"));
    }

    [Fact]
    public async Task An_object_that_moves_to_another_entry_stays_the_same()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("app", Claim("data"), Claim("cache")), Entry("storage", Claim("logs")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uids = (await Uid(cluster, "data"), await Uid(cluster, "cache"), await Uid(cluster, "logs"));
        await PutComposition(cluster, "one", Entry("app", Claim("cache")), Entry("storage", Claim("logs"), Claim("data")));
        await AssertReadySoon(cluster, "one");

        Assert.Equal(uids, (await Uid(cluster, "data"), await Uid(cluster, "cache"), await Uid(cluster, "logs")));
        Assert.Equal("default/one-storage", await Owner(cluster, "data"));
        Assert.DoesNotContain(await Inventory(cluster, "one-app"), e => e == "data");
        await PutComposition(cluster, "one", Entry("app", Claim("cache")), Entry("storage", Claim("logs")));
        await AssertReadySoon(cluster, "one");
        Assert.Null(await Uid(cluster, "data"));
    }

    // The config of app cannot change before database is Ready, and database needs the object to become Ready.
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
        await AssertReadySoon(cluster, "one");

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
        await AssertReadySoon(cluster, "one");
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

        await AssertReadySoon(cluster, "one");
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
        await AssertReadySoon(cluster, "two");
        Assert.Equal((uid, "default/two-db"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Equal(["two-db"], await Children(cluster));
    }

    [Fact]
    public async Task An_object_moves_between_standalone_Components_and_a_Composition()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutManifests(cluster, "alone", Claim("data"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await PutManifests(cluster, "alone", Claim("other"));
        await AssertReadySoon(cluster, "one");
        Assert.Equal((uid, "default/one-db"), (await Uid(cluster, "data"), await Owner(cluster, "data")));

        await PutManifests(cluster, "another", Claim("data"));
        await PutComposition(cluster, "one", Entry("db", Claim("other2")));
        await AssertReadySoon(cluster, "one");
        Assert.Equal((uid, "default/another"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        await PutManifests(cluster, "last", Claim("data"));
        await cluster.Delete("another");
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Equal((uid, "default/last"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
    }

    [Fact]
    public async Task An_object_is_deleted_when_its_heir_is_deleted_too_or_nobody_takes_it_in_the_end()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await PutComposition(cluster, "one", Entry("db", Claim("data")));
        await PutManifests(cluster, "keeper", Claim("logs"), Claim("more"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await PutManifests(cluster, "heir", Claim("data"));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        await cluster.Delete("heir");
        await cluster.Delete("one", ResourceType.Composition);
        await cluster.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1));
        Assert.Null(await Uid(cluster, "data"));

        // A paused heir takes it over once it resumes.
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
        await cluster.Advance(TimeSpan.FromSeconds(2));
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

    private const string Late = """{"name":"late","type":"config-reader","config":{"sources":[{"name":"late","exports":[{"key":"name"}]}]}}""";

    // The object of the first entry is left to the second, which cannot be created before something that it needs is Ready.
    private static async Task<string?> RenamedToEntryThatWaits(EmbeddedCluster cluster)
    {
        await PutComposition(cluster, "one", Entry("first", Claim("data")));
        await cluster.Advance(TimeSpan.FromSeconds(2));
        var uid = await Uid(cluster, "data");
        await PutComposition(cluster, "one", Late, AfterLate(Entry("second", Claim("data"))));
        await cluster.Advance(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1));
        Assert.Equal((uid, "default/one-first"), (await Uid(cluster, "data"), await Owner(cluster, "data")));
        Assert.Contains("one-first: ResourceLeft: left PersistentVolumeClaim default/data in place: the entry second of Composition default/one takes it over",
            cluster.EventTexts);
        return uid;
    }

    private static string AfterLate(string entry) => entry.Replace("\"config\"", "\"dependsOn\":[\"late\"],\"config\"", StringComparison.Ordinal);
}
