using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Informers;

public sealed partial class ResourceCacheTests
{
    [Fact]
    public async Task An_observed_write_is_visible_and_notified_once()
    {
        var watch = await Started("7", Json("a", 5));

        cache.Observe(Record(Json("a", 8, "two")), cache.History);
        Assert.Equal("two", cache.Get(Key("a"))!.Spec.Handler);
        Assert.Equal("a: one > two", await NextChangeAsText());
        Assert.Equal("7", cache.LastResourceVersion);

        watch.Send(WatchEventType.Modified, Json("a", 8, "two"));
        watch.Send(WatchEventType.Modified, Json("a", 9, "three"));
        Assert.Equal("a: two > three", await NextChangeAsText());
    }

    [Fact]
    public async Task Our_own_write_is_trimmed_once_with_the_previously_kept_state_at_hand()
    {
        var kept = new List<string>();
        var own = new Informer<Component>(store, Client(store), time, NullLogger.Instance, keep: (now, before) =>
        {
            kept.Add($"{before?.Metadata.ResourceVersion ?? "-"} > {now.Metadata.ResourceVersion}");
            return now;
        });
        own.Subscribe(change => changes.Writer.TryWrite(change));
        running = own.Run(stop.Token);
        (await store.NextList()).Answer("7", Json("a", 5));
        var watch = await store.NextWatch();
        Assert.Equal("a: - > one", await NextChangeAsText());

        own.Observe(Record(Json("a", 8, "two")), own.History);
        own.Observe(Record(Json("a", 6, "late")), own.History);
        watch.Send(WatchEventType.Modified, Json("a", 8, "two"));
        watch.Send(WatchEventType.Modified, Json("a", 9, "three"));
        Assert.Equal("a: one > two", await NextChangeAsText());
        Assert.Equal("a: two > three", await NextChangeAsText());

        Assert.Equal(["- > 5", "5 > 8", "8 > 9"], kept);
    }

    [Fact]
    public async Task An_older_event_does_not_undo_an_observed_write()
    {
        var watch = await Started("7", Json("a", 5));
        cache.Observe(Record(Json("a", 10, "mine")), cache.History);
        Assert.Equal("a: one > mine", await NextChangeAsText());

        watch.Send(WatchEventType.Modified, Json("a", 8, "older"));
        watch.Send(WatchEventType.Deleted, Json("a", 9, "older"));
        watch.Send(WatchEventType.Added, Json("a", 10, "mine"));
        watch.Send(WatchEventType.Deleted, Json("a", 11, "mine"));

        Assert.Equal("a: mine > -", await NextChangeAsText());
        Assert.Empty(cache.All());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task An_observed_write_that_is_already_known_is_ignored(int version)
    {
        var watch = await Started("7", Json("a", 5));
        watch.Send(WatchEventType.Deleted, Json("a", 8));
        Assert.Equal("a: one > -", await NextChangeAsText());
        watch.Send(WatchEventType.Added, Json("b", 9));
        Assert.Equal("b: - > one", await NextChangeAsText());

        cache.Observe(Record(Json("a", version, "late")), cache.History);

        Assert.Null(cache.Get(Key("a")));
        Assert.False(changes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Of_two_observed_writes_the_newer_counts()
    {
        await Started("7");
        cache.Observe(Record(Json("a", 12, "newer")), cache.History);
        cache.Observe(Record(Json("a", 11, "older")), cache.History);

        Assert.Equal("newer", cache.Get(Key("a"))!.Spec.Handler);
    }

    [Fact]
    public async Task A_new_list_keeps_what_was_observed_after_it()
    {
        var watch = await Started("7", Json("a", 5));
        cache.Observe(Record(Json("a", 21, "mine")), cache.History);
        cache.Observe(Record(Json("b", 22)), cache.History);
        cache.Observe(Record(Json("c", 15)), cache.History);
        watch.Fail(ResourceError.Expired);

        (await store.NextList()).Answer("20", Json("a", 16, "older"));

        await store.NextWatch();
        Assert.Equal("mine", cache.Get(Key("a"))!.Spec.Handler);
        Assert.NotNull(cache.Get(Key("b")));
        Assert.Null(cache.Get(Key("c")));
    }

    [Fact]
    public async Task An_informer_of_one_namespace_ignores_the_others()
    {
        var narrow = Cache("default");
        running = narrow.Run(stop.Token);
        var list = await store.NextList();
        Assert.Equal("default", list.Namespace);
        list.Answer("7");
        Assert.Equal("default", (await store.NextWatch()).Namespace);

        narrow.Observe(Record(Json("a", 8, @namespace: "other")), narrow.History);

        Assert.Empty(narrow.All());
    }

    [Fact]
    public async Task Many_writers_and_observers_leave_the_informer_equal_to_the_store()
    {
        var uids = 0;
        var real = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"uid-{Interlocked.Increment(ref uids)}");
        var client = Client(real);
        var followed = new Informer<Component>(real, client, time, NullLogger.Instance);
        var notified = new ConcurrentDictionary<ObjectKey, Component>();
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        followed.Subscribe(change =>
        {
            Assert.Same(notified.GetValueOrDefault(change.Key), change.Before);
            if (change.After is null)
                notified.TryRemove(change.Key, out _);
            else
                notified[change.Key] = change.After;
            if (change is { Key.Name: "end", After: null })
                end.SetResult();
        });
        running = followed.Run(stop.Token);
        await followed.Synced.Soon();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() => Write(t), Cancellation)));
        await real.Create(New("end"), Cancellation);
        await real.Delete(ResourceType.Component, Key("end"), new(), Cancellation);
        await end.Task.Soon();

        var list = await real.List(ResourceType.Component, null, Cancellation);
        Assert.Equal(list.Items.Count, notified.Count);
        foreach (var item in list.Items)
        {
            Assert.Equal((string)item["metadata"]!["resourceVersion"]!, followed.Get(ObjectKey.Of(item))!.Metadata.ResourceVersion);
            Assert.Same(followed.Get(ObjectKey.Of(item)), notified[ObjectKey.Of(item)]);
        }

        async Task Write(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 100; i++)
            {
                var key = Key($"a{random.Next(5)}");
                try
                {
                    var since = followed.History;
                    if (followed.Get(key) is not { } known)
                        followed.Observe(client.Read(await real.Create(New(key.Name), Cancellation)), since);
                    else if (random.Next(4) == 0)
                        await client.Delete(key, new(known.Metadata.Uid), Cancellation);
                    else
                        followed.Observe(await client.Replace(known with { Spec = known.Spec with { Handler = $"h{i}" } }, Cancellation), since);
                }
                catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.AlreadyExists or ResourceError.NotFound)
                {
                    // Another writer came first.
                }
            }
        }
    }
}
