using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>etcd is restored from a snapshot while the informer runs: versions go back, and writes since the snapshot are lost.</summary>
public sealed partial class ResourceCacheTests
{
    private static JsonObject WithUid(JsonObject json, string uid)
    {
        json["metadata"]!["uid"] = uid;
        return json;
    }

    [Fact]
    public async Task A_list_older_than_the_known_version_refills_the_informer_and_reports_the_difference()
    {
        var watch = await Started("100", Json("phantom", 90), Json("changed", 80, "lost"), Json("same", 20), Json("older", 30, "lost"));
        watch.Fail(ResourceError.Expired);

        (await store.NextList()).Answer("50", Json("changed", 40, "kept"), Json("same", 20), Json("older", 30, "kept"), Json("back", 10));

        Assert.Equal("50", (await store.NextWatch()).From);
        Assert.Equal("changed: lost > kept", await NextChangeAsText());
        // The same version in another history is another state.
        Assert.Equal("older: lost > kept", await NextChangeAsText());
        Assert.Equal("back: - > one", await NextChangeAsText());
        Assert.Equal("phantom: one > -", await NextChangeAsText());
        Assert.False(changes.Reader.TryRead(out _));
        Assert.Equal(["back", "changed", "older", "same"], cache.InNamespace("default").Select(c => c.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.Equal("50", cache.LastResourceVersion);
    }

    [Fact]
    public async Task Changes_after_a_restore_are_accepted_although_their_versions_were_known_before()
    {
        var watch = await Started("100", Json("a", 90, "lost"));
        watch.Fail(ResourceError.Expired);
        (await store.NextList()).Answer("50", Json("a", 40, "kept"));
        watch = await store.NextWatch();
        Assert.Equal("a: lost > kept", await NextChangeAsText());

        watch.Send(WatchEventType.Modified, Json("a", 51, "later"));
        watch.Send(WatchEventType.Added, Json("b", 52));
        watch.Send(WatchEventType.Deleted, Json("a", 53, "later"));

        Assert.Equal("a: kept > later", await NextChangeAsText());
        Assert.Equal("b: - > one", await NextChangeAsText());
        Assert.Equal("a: later > -", await NextChangeAsText());
    }

    [Fact]
    public async Task Our_own_write_from_before_a_restore_hides_nothing()
    {
        var watch = await Started("100", Json("a", 90));
        var before = cache.History;
        cache.Observe(Record(Json("a", 101, "lost")), before);
        cache.Observe(Record(Json("phantom", 102)), before);
        watch.Fail(ResourceError.Expired);
        (await store.NextList()).Answer("50", Json("a", 40, "kept"));
        watch = await store.NextWatch();
        Assert.Equal("kept", cache.Get(Key("a"))!.Spec.Handler);
        Assert.Null(cache.Get(Key("phantom")));

        // Its answer comes late.
        cache.Observe(Record(Json("a", 103, "lost")), before);
        Assert.Equal("kept", cache.Get(Key("a"))!.Spec.Handler);
        watch.Send(WatchEventType.Modified, Json("a", 51, "later"));
        await cache.WhenSeen("51").Soon();
        Assert.Equal("later", cache.Get(Key("a"))!.Spec.Handler);

        cache.Observe(Record(Json("a", 52, "ours")), cache.History);
        Assert.Equal("ours", cache.Get(Key("a"))!.Spec.Handler);
    }

    [Fact]
    public async Task A_recreated_object_with_a_lower_version_is_accepted()
    {
        var watch = await Started("100", WithUid(Json("a", 90, "first"), "uid-1"));
        watch.Fail(ResourceError.Expired);

        (await store.NextList()).Answer("110", WithUid(Json("a", 85, "second"), "uid-2"));

        Assert.Equal("a: first > second", await NextChangeAsText());
        Assert.Equal("uid-2", cache.Get(Key("a"))!.Metadata.Uid);
    }

    [Fact]
    public async Task A_watch_whose_version_goes_back_lists_again()
    {
        var watch = await Started("100", Json("phantom", 90));

        watch.Send(WatchEventType.Added, Json("b", 51));

        (await store.NextList()).Answer("51", Json("b", 51));
        await store.NextWatch();
        Assert.Equal("b", Assert.Single(cache.All()).Metadata.Name);
    }

    [Fact]
    public async Task A_wait_for_a_version_from_before_a_restore_ends()
    {
        var watch = await Started("100");
        var seen = cache.WhenSeen("105");
        watch.Fail(ResourceError.Expired);

        (await store.NextList()).Answer("50");

        await seen.Soon();
    }

    [Fact]
    public async Task A_requested_list_ends_its_wait_once_subscribers_were_notified()
    {
        await Started("100", Json("a", 90));
        Assert.True(cache.Current.IsCompletedSuccessfully);

        cache.Relist();

        Assert.False(cache.Current.IsCompleted);
        (await store.NextList()).Answer("50");
        await cache.Current.Soon();
        Assert.Empty(cache.All());
        Assert.Equal("50", (await store.NextWatch()).From);
    }

    [Fact]
    public async Task A_list_in_flight_when_another_is_requested_does_not_answer_the_request()
    {
        running = cache.Run(stop.Token);
        var first = await store.NextList();
        cache.Relist();
        first.Answer("100", Json("a", 90));

        var second = await store.NextList();
        Assert.False(cache.Current.IsCompleted);
        second.Answer("101");

        await cache.Current.Soon();
        Assert.Empty(cache.All());
    }
}
