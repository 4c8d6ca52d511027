using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;
using DeploymentOrchestrator.Tests.Controllers;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>One watch for all followers of objects of one kind in one namespace as one account.</summary>
public sealed partial class ResourceWatchesTests
{
    [Fact]
    public async Task Objects_of_a_kind_and_namespace_share_one_watch_that_ends_with_its_last_follower()
    {
        var asked = new ConcurrentBag<string>();
        var reach = new HookedStore(store) { Following = name => asked.Add(name ?? "*") };
        await using var own = new ResourceWatches(reach, TimeProvider.System, NullLogger.Instance);
        WatchedResource Of(string name, string place = "default", string? account = null) =>
            new(Service, new(place, name), null, account is null ? null : new(place, account));

        own.Set(Follower, [Of("a"), Of("b")]);
        own.Set(Other, [Of("b"), Of("c")]);
        Assert.Equal((1, "*"), (own.Count, Assert.Single(asked)));
        own.Set(Other, [Of("b"), Of("c"), Of("a", "elsewhere"), Of("a", account: "deployer"), new(new("", "v1", "Pod"), new("default", "a"))]);
        Assert.Equal(4, own.Count);

        own.Set(Other, [Of("c")]);
        own.Set(Follower, []);
        Assert.Equal(1, own.Count);
        own.Set(Other, []);
        Assert.Equal(0, own.Count);
        own.Set(Other, [Of("c")]);
        Assert.Equal(1, own.Count);
    }

    [Fact]
    public async Task Each_follower_of_a_shared_watch_learns_of_its_own_objects_alone()
    {
        var a = await Create(Service, "a");
        var b = await Create(Service, "b");
        await Create(Service, "nobodys");
        watches.Set(Follower, [new(Service, new("default", "a"), a)]);
        watches.Set(Other, [new(Service, new("default", "b"), b)]);
        await Quiet();

        await Change(Service, "nobodys");
        await Change(Service, "b");
        await Quiet();
        Assert.Equal(Other, await notified.Next());

        watches.Set(Other, []);
        await Change(Service, "b");
        await store.Delete(Service, new("default", "a"), new(), Cancellation);
        await Quiet();
        Assert.Equal(Follower, await notified.Next());
        Assert.False(notified.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData("20", false)]
    [InlineData("30", true)]
    [InlineData(null, true)]
    [InlineData("failure", true)]
    public async Task An_object_that_is_followed_later_is_looked_up_by_name(string? version, bool isNews)
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "0")]);
        var watch = await scripted.Started("100", Json("followed", "20"));

        scripted.Watches.Set(Follower, [new(Service, Key, "20")]);
        var lookUp = await scripted.Store.NextList();
        if (version == "failure")
            lookUp.Fail(ResourceError.Unavailable);
        else
            lookUp.Answer("101", version is null ? [] : [Json("followed", version)]);

        await scripted.Quiet("100");
        Assert.Equal(isNews ? [Follower] : [], scripted.Notified());

        // From here on the watch reports it.
        watch.Send(WatchEventType.Modified, Json("followed", "102"));
        await scripted.Quiet("102");
        Assert.Equal([Follower], scripted.Notified());
    }

    [Theory]
    [InlineData("rev-a", false)]
    [InlineData("rev-b", true)]
    public async Task An_unordered_version_is_a_change_when_it_differs(string version, bool isNews)
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "0")]);
        await scripted.Started("rev-1");

        scripted.Watches.Set(Follower, [new(Service, Key, "rev-a")]);
        (await scripted.Store.NextList()).Answer("rev-2", Json("followed", version));
        await scripted.Quiet("rev-1");
        Assert.Equal(isNews ? [Follower] : [], scripted.Notified());

        scripted.Watches.Set(Follower, [new(Service, Key, version)]);
        await scripted.Quiet("rev-1");
        Assert.Empty(scripted.Notified());
    }

    [Fact]
    public async Task An_object_already_seen_at_the_watchs_version_is_not_looked_up()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "0")]);
        await scripted.Started("100");

        scripted.Watches.Set(Follower, [new(Service, Key, "100")]);
        // No further list is answered.
        await scripted.Quiet("100");
        Assert.Empty(scripted.Notified());
    }

    [Fact]
    public async Task Watch_events_during_a_lookup_count()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "0")]);
        var watch = await scripted.Started("100");
        scripted.Watches.Set(Follower, [new(Service, Key, "0")]);
        var lookUp = await scripted.Store.NextList();

        watch.Send(WatchEventType.Added, Json("followed", "101"));
        Assert.Equal(Follower, await scripted.Next());
        lookUp.Answer("100");
        scripted.Watches.Set(Follower, [new(Service, Key, "101")]);
        await scripted.Quiet("101");
        Assert.Empty(scripted.Notified());
    }

    [Fact]
    public async Task A_list_after_an_expired_watch_reports_changes_and_deletions()
    {
        await using var scripted = new ScriptedWatches();
        string[] names = ["changed", "gone", "same", "back"];
        foreach (var name in names)
            scripted.Watches.Set(new("default", $"of-{name}"), [new(Service, new("default", name), name == "back" ? "0" : "90")]);
        var watch = await scripted.Started("100", Json("changed", "90"), Json("gone", "90"), Json("same", "90"));
        Assert.Empty(scripted.Notified());

        watch.Fail(ResourceError.Expired);
        (await scripted.Store.NextList()).Answer("200", Json("changed", "150"), Json("same", "90"), Json("back", "160"), Json("nobodys", "170"));

        Assert.Equal("200", (await scripted.Store.NextWatch()).From);
        Assert.Equal(["of-back", "of-changed", "of-gone"], scripted.Notified().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_older_than_the_watch_means_a_restored_store_and_all_list_again()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, Key, "90")]);
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "0")]);
        var watch = await scripted.Started("100", Json("followed", "90"));
        var waits = scripted.Quiet("120");
        watch.Fail(ResourceError.Expired);
        (await scripted.Store.NextList()).Answer("50", Json("followed", "40"));
        watch = await scripted.Store.NextWatch();
        await waits;
        Assert.Equal(["follower", "other"], scripted.Notified().Select(f => f.Name).Order(StringComparer.Ordinal));

        // Versions that were known before count as changes in this history.
        scripted.Watches.Set(Follower, [new(Service, Key, "40")]);
        watch.Send(WatchEventType.Modified, Json("followed", "51"));
        await scripted.Quiet("51");
        Assert.Equal([Follower], scripted.Notified());
    }

    [Fact]
    public async Task Nothing_is_kept_of_ten_thousand_objects_beside_the_followed_one() => Assert.Equal(await HeldBeside(10), await HeldBeside(10_000));

    // The entries held after this many other objects were listed and changed.
    private static async Task<IReadOnlyList<string>> HeldBeside(int count)
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, Key, "20")]);
        var watch = await scripted.Started("10000", [Json("followed", "20"), .. Enumerable.Range(1, count).Select(i => Json($"other-{i}", $"{i}"))]);
        for (var i = 1; i <= count; i++)
            watch.Send(WatchEventType.Modified, Json($"other-{i}", $"{10_000 + i}"));
        watch.Send(WatchEventType.Bookmark, Json("", "20001"));
        await scripted.Quiet("20001");
        Assert.Empty(scripted.Notified());
        return HeldEntries.Of(scripted.Watches);
    }

    private static JsonObject Json(string name, string version) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["resourceVersion"] = version },
    };
}
