using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Informers;

public sealed partial class ResourceCacheTests : IAsyncDisposable
{
    private readonly ScriptedStore store = new();
    private readonly SignallingTime time = new();
    private readonly Channel<ResourceChange<Component>> changes = Channel.CreateUnbounded<ResourceChange<Component>>();
    private readonly CancellationTokenSource stop = new();
    private readonly Informer<Component> cache;
    private Task running = Task.CompletedTask;

    public ResourceCacheTests() => cache = Cache(@namespace: null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private static JsonObject Json(string name, int version, string handler = "one", string @namespace = "default") => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["resourceVersion"] = $"{version}" },
        ["spec"] = new JsonObject { ["handler"] = handler },
    };

    private static JsonObject New(string name)
    {
        var json = Json(name, 0);
        json["metadata"]!.AsObject().Remove("resourceVersion");
        return json;
    }

    private static JsonObject Unreadable(string name, int version)
    {
        var json = Json(name, version);
        json["spec"] = "no object";
        return json;
    }

    private static JsonObject Bookmark(int version) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["resourceVersion"] = $"{version}", ["creationTimestamp"] = null },
    };

    private static ObjectKey Key(string name) => new("default", name);

    private static ResourceClient<Component> Client(IResourceStore store) => new(store, ResourceType.Component, ApiJson.Default.Component);

    private static Component Record(JsonObject json) => Client(new ScriptedStore()).Read(json);

    private Informer<Component> Cache(string? @namespace)
    {
        var created = new Informer<Component>(store, Client(store), time, NullLogger.Instance, @namespace);
        created.Subscribe(change => changes.Writer.TryWrite(change));
        return created;
    }

    private Task<ResourceChange<Component>> NextChange() => changes.Next();

    private async Task<string> NextChangeAsText()
    {
        var change = await NextChange();
        return $"{change.Key.Name}: {change.Before?.Spec.Handler ?? "-"} > {change.After?.Spec.Handler ?? "-"}";
    }

    /// <summary>Runs the informer with these resources listed and their changes already reported.</summary>
    private async Task<ScriptedStore.WatchCall> Started(string version, params JsonObject[] items)
    {
        running = cache.Run(stop.Token);
        (await store.NextList()).Answer(version, items);
        var watch = await store.NextWatch();
        while (changes.Reader.TryRead(out _))
        {
        }

        return watch;
    }

    [Fact]
    public async Task An_informer_lists_and_then_watches_from_the_listed_version()
    {
        running = cache.Run(stop.Token);
        var list = await store.NextList();
        Assert.False(cache.Synced.IsCompleted);
        Assert.Equal("0", cache.LastResourceVersion);

        list.Answer("7", Json("a", 5), Json("b", 6, @namespace: "other"));

        await cache.Synced.Soon();
        Assert.Equal("7", cache.LastResourceVersion);
        Assert.Equal("a: - > one", await NextChangeAsText());
        Assert.Equal("b: - > one", await NextChangeAsText());
        Assert.Equal("a", cache.Get(Key("a"))!.Metadata.Name);
        Assert.Null(cache.Get(Key("b")));
        Assert.Equal(2, cache.All().Count);
        Assert.Equal("b", Assert.Single(cache.InNamespace("other")).Metadata.Name);
        var watch = await store.NextWatch();
        Assert.Equal("7", watch.From);
        Assert.Null(watch.Namespace);
    }

    [Fact]
    public async Task Subscribers_are_notified_before_the_informer_is_synced()
    {
        var synced = cache.Synced;
        var wasSynced = new List<bool>();
        cache.Subscribe(_ => wasSynced.Add(synced.IsCompleted));

        await Started("7", Json("a", 5), Json("b", 6));

        Assert.Equal([false, false], wasSynced);
    }

    [Fact]
    public async Task Watch_events_update_the_informer_and_notify_in_order()
    {
        var watch = await Started("7");

        watch.Send(WatchEventType.Added, Json("a", 8));
        watch.Send(WatchEventType.Modified, Json("a", 9, "two"));
        watch.Send(WatchEventType.Added, Json("b", 10));
        watch.Send(WatchEventType.Deleted, Json("a", 11, "two"));

        Assert.Equal("a: - > one", await NextChangeAsText());
        Assert.Equal("a: one > two", await NextChangeAsText());
        Assert.Equal("b: - > one", await NextChangeAsText());
        Assert.Equal("a: two > -", await NextChangeAsText());
        Assert.Equal("b", Assert.Single(cache.All()).Metadata.Name);
    }

    [Fact]
    public async Task The_last_version_advances_after_subscribers_were_notified()
    {
        var seen = new List<string>();
        cache.Subscribe(_ => seen.Add(cache.LastResourceVersion));
        var watch = await Started("7", Json("a", 5));

        watch.Send(WatchEventType.Modified, Json("a", 8));
        watch.Send(WatchEventType.Modified, Json("a", 9));
        watch.End();

        Assert.Equal("9", (await store.NextWatch()).From);
        Assert.Equal(["0", "7", "8"], seen);
    }

    [Fact]
    public async Task A_wait_for_a_version_ends_once_subscribers_were_notified()
    {
        var watch = await Started("7", Json("a", 5));
        Assert.True(cache.WhenSeen("7").IsCompletedSuccessfully);
        var (near, far) = (cache.WhenSeen("9"), cache.WhenSeen("12"));

        watch.Send(WatchEventType.Modified, Json("a", 8));
        await cache.WhenSeen("8").Soon();
        Assert.False(near.IsCompleted);
        watch.Send(WatchEventType.Modified, Json("a", 10));
        await near.Soon();
        Assert.False(far.IsCompleted);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => far);
    }

    [Fact]
    public async Task A_bookmark_advances_the_last_version_and_nothing_else()
    {
        var watch = await Started("7", Json("a", 5));

        watch.Send(WatchEventType.Bookmark, Bookmark(40));
        watch.End();

        Assert.Equal("40", (await store.NextWatch()).From);
        Assert.Equal("40", cache.LastResourceVersion);
        Assert.Single(cache.All());
        Assert.False(changes.Reader.TryRead(out _));
    }

    [Fact]
    public async Task An_unreadable_object_is_kept_apart_and_reported()
    {
        var watch = await Started("7", Json("a", 5), Unreadable("b", 6));
        Assert.Equal(Key("b"), Assert.Single(cache.Unreadable).Key);

        watch.Send(WatchEventType.Modified, Unreadable("a", 8));
        var broken = await NextChange();
        Assert.Equal("one", broken.Before!.Spec.Handler);
        Assert.Null(broken.After);
        Assert.Contains("spec", broken.Unreadable, StringComparison.Ordinal);
        Assert.Null(cache.Get(Key("a")));
        Assert.Empty(cache.All());
        Assert.Equal(2, cache.Unreadable.Count);

        watch.Send(WatchEventType.Modified, Json("a", 9, "two"));
        watch.Send(WatchEventType.Deleted, Unreadable("b", 10));
        var mended = await NextChange();
        Assert.Equal(("two", null), (mended.After!.Spec.Handler, mended.Unreadable));
        var gone = await NextChange();
        Assert.Equal((Key("b"), null, null, null), (gone.Key, gone.Before, gone.After, gone.Unreadable));
        Assert.Empty(cache.Unreadable);
    }
}
