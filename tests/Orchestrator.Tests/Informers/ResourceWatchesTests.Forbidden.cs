using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>An account whose Role allows only single names gets one watch for each name, until it may watch the whole kind.</summary>
public sealed partial class ResourceWatchesTests
{
    [Fact]
    public async Task Where_a_kind_may_not_be_watched_each_object_is_watched_by_name()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, Key, "20")]);
        (await scripted.Store.NextList()).Fail(ResourceError.Forbidden);
        var watch = await scripted.Started("100", Json("followed", "20"));
        await scripted.Quiet("100");
        Assert.Equal(1, scripted.Watches.Count);
        Assert.Empty(scripted.Notified());

        // Later followers are served in the same way.
        scripted.Watches.Set(Other, [new(Service, new("default", "another"), "30")]);
        await scripted.Started("100", Json("another", "31"));
        await scripted.Quiet("100");
        Assert.Equal(2, scripted.Watches.Count);
        Assert.Equal([Other], scripted.Notified());
        watch.Send(WatchEventType.Modified, Json("followed", "101"));
        Assert.Equal(Follower, await scripted.Next());

        scripted.Watches.Set(Other, []);
        Assert.Equal(1, scripted.Watches.Count);
        scripted.Watches.Set(Follower, []);
        Assert.Equal(0, scripted.Watches.Count);
    }

    [Fact]
    public async Task A_kind_that_may_be_watched_later_is_watched_together_again()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, Key, "20"), new(Service, new("default", "another"), "20")]);
        (await scripted.Store.NextList()).Fail(ResourceError.Forbidden);
        Assert.Equal(ResourceWatches.Retry, await scripted.Time.NextTimer());
        for (var i = 0; i < 2; i++)
            (await scripted.Store.NextList()).Answer("100", Json("followed", "20"), Json("another", "20"));
        await scripted.Quiet("100");
        Assert.Equal(2, scripted.Watches.Count);
        _ = (await scripted.Store.NextWatch(), await scripted.Store.NextWatch());

        // Still forbidden.
        scripted.Time.Advance(ResourceWatches.Retry);
        (await scripted.Store.NextList()).Fail(ResourceError.Forbidden);
        Assert.Equal(ResourceWatches.Retry, await scripted.Time.NextTimer());
        Assert.Equal(2, scripted.Watches.Count);
        Assert.Empty(scripted.Notified());

        scripted.Time.Advance(ResourceWatches.Retry);
        (await scripted.Store.NextList()).Answer("200", Json("followed", "20"), Json("another", "150"));
        var watch = await scripted.Store.NextWatch();
        await scripted.Quiet("200");
        Assert.Equal(1, scripted.Watches.Count);
        Assert.Equal([Follower], scripted.Notified());
        watch.Send(WatchEventType.Deleted, Json("followed", "201"));
        await scripted.Quiet("201");
        Assert.Equal([Follower], scripted.Notified());
    }

    [Fact]
    public async Task A_watch_whose_right_is_taken_away_goes_on_by_name_and_misses_nothing()
    {
        await using var scripted = new ScriptedWatches();
        string[] names = ["changed", "gone", "same"];
        foreach (var name in names)
            scripted.Watches.Set(new("default", $"of-{name}"), [new(Service, new("default", name), "20")]);
        var together = await scripted.Started("100", [.. names.Select(n => Json(n, "20"))]);
        await scripted.Quiet("100");

        together.Fail(ResourceError.Forbidden);
        for (var i = 0; i < names.Length; i++)
            await scripted.Started("110", Json("changed", "105"), Json("same", "20"));
        await scripted.Quiet("110");

        Assert.Equal(3, scripted.Watches.Count);
        Assert.Equal(["of-changed", "of-gone"], scripted.Notified().Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wait_for_a_forbidden_watch_continues_with_the_watches_by_name()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, Key, "20")]);
        var quiet = scripted.Watches.WhenSeen((_, _) => "100");
        (await scripted.Store.NextList()).Fail(ResourceError.Forbidden);
        await quiet.Soon();

        var byName = scripted.Watches.WhenSeen((_, _) => "100");
        Assert.False(byName.IsCompleted);
        await scripted.Started("100", Json("followed", "20"));
        await byName.Soon();
    }

    [Fact]
    public async Task A_forbidden_watch_by_pattern_is_retried_like_any_failed_watch()
    {
        await using var scripted = new ScriptedWatches();
        scripted.Watches.Set(Follower, [new(Service, new("default", $"{WatchedResource.AnyName}.example.org"))]);
        (await scripted.Store.NextList()).Fail(ResourceError.Forbidden);
        await scripted.Quiet("100");
        Assert.Equal(TimeSpan.FromSeconds(1), await scripted.Time.PassNextTimer());

        await scripted.Started("100", Json("a.example.org", "90"), Json("b.example.com", "90"));
        await scripted.Quiet("100");
        Assert.Equal((1, 1), (scripted.Watches.Count, scripted.Notified().Count));
    }
}
