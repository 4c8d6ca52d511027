using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>A change between a follower's read and its registration is not lost.</summary>
public sealed partial class ResourceWatchesTests : IAsyncDisposable
{
    private static readonly ObjectKey Follower = new("default", "follower");
    private static readonly ObjectKey Other = new("default", "other");
    private static readonly ObjectKey Key = new("default", "followed");
    private static readonly ResourceType Service = new("", "v1", "Service");
    private static readonly ResourceType Secret = new("", "v1", "Secret");

    private readonly InMemoryResourceStore store;
    private readonly ResourceWatches watches;
    private readonly Channel<ObjectKey> notified = Channel.CreateUnbounded<ObjectKey>();
    private int uids;

    public ResourceWatchesTests()
    {
        store = new(TimeProvider.System, (_, _) => $"uid-{++uids}");
        watches = new(store, TimeProvider.System, NullLogger.Instance);
        watches.Subscribe((follower, _) => notified.Writer.TryWrite(follower));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => watches.DisposeAsync();

    [Theory]
    [InlineData("ConfigMap")]
    [InlineData("Service")]
    public async Task An_object_deleted_before_the_first_list_is_reported(string kind)
    {
        var type = new ResourceType("", "v1", kind);
        var seen = await Create(type);
        await store.Delete(type, Key, new(), Cancellation);

        watches.Set(Follower, [new(type, Key, seen)]);

        Assert.Equal(Follower, await notified.Next());
    }

    [Theory]
    [InlineData("ConfigMap", "change")]
    [InlineData("ConfigMap", "delete")]
    [InlineData("ConfigMap", "create")]
    [InlineData("Service", "change")]
    [InlineData("Service", "delete")]
    [InlineData("Service", "create")]
    public async Task A_change_before_the_registration_on_a_running_watch_is_reported_once(string kind, string what)
    {
        var type = new ResourceType("", "v1", kind);
        var seen = what == "create" ? "0" : await Create(type);
        watches.Set(Other, [new(type, new("default", "another"), "0")]);
        await Quiet();
        if (what == "create")
            await Create(type);
        else if (what == "delete")
            await store.Delete(type, Key, new(), Cancellation);
        else
            await Change(type);
        await Quiet();

        watches.Set(Follower, [new(type, Key, seen)]);
        Assert.Equal(Follower, await notified.Next());

        // After the new read it has seen everything: no further notification.
        watches.Set(Follower, [new(type, Key, what == "delete" ? "0" : await Version(type))]);
        await Quiet();
        Assert.False(notified.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Two_ServiceAccounts_watch_separately_and_each_until_it_is_dropped()
    {
        var seen = await Create(ResourceType.ConfigMap);
        WatchedResource Followed(string? account) => new(ResourceType.ConfigMap, Key, seen, account is null ? null : new("default", account));
        watches.Set(Follower, [Followed("a")]);
        watches.Set(Follower, [Followed("b")]);
        watches.Set(Other, [Followed(null)]);
        await Quiet();

        await Change(ResourceType.ConfigMap);
        await Quiet();

        var all = new List<ObjectKey>();
        while (notified.Reader.TryRead(out var one))
            all.Add(one);
        Assert.Equal([Follower, Other], all.Order(Comparer<ObjectKey>.Create((x, y) => string.CompareOrdinal(x.Name, y.Name))));
    }

    [Fact]
    public async Task A_wait_for_a_watch_ends_when_the_watch_is_dropped()
    {
        await Create(ResourceType.ConfigMap);
        var listing = new TaskCompletionSource();
        var reach = new HookedStore(store) { Before = (call, _) => call == "List" ? listing.Task : Task.CompletedTask };
        await using var slow = new ResourceWatches(reach, TimeProvider.System, NullLogger.Instance);
        slow.Set(Follower, [new(ResourceType.ConfigMap, Key)]);
        var quiet = slow.WhenSeen(store.ResourceVersion);

        slow.Set(Follower, []);
        listing.SetResult();
        await quiet.Soon();
    }

    [Fact]
    public async Task Each_ConfigMap_and_Secret_has_a_watch_of_its_own_that_ends_when_nobody_follows_it()
    {
        var asked = new ConcurrentBag<string>();
        var reach = new HookedStore(store) { Following = name => asked.Add(name ?? "*") };
        await using var own = new ResourceWatches(reach, TimeProvider.System, NullLogger.Instance);
        WatchedResource Map(string name) => new(ResourceType.ConfigMap, new("default", name));
        WatchedResource Hidden(string name) => new(Secret, new("default", name));

        own.Set(Follower, [Map("a"), Map("b"), Hidden("c")]);
        own.Set(Other, [Map("b"), Hidden("c"), Hidden("d"), Map($"{WatchedResource.AnyName}.example.org")]);
        Assert.Equal(["*", "a", "b", "c", "d"], asked.Order(StringComparer.Ordinal));
        Assert.Equal(5, own.Count);

        own.Set(Follower, [Map("a"), Hidden("c")]);
        own.Set(Other, []);
        Assert.Equal(2, own.Count);
        own.Set(Follower, []);
        Assert.Equal(0, own.Count);
    }

    private async Task<string> Create(ResourceType type, string name = "followed")
    {
        var resource = new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Key.Namespace }
        };
        return (string)(await store.Create(resource, Cancellation))["metadata"]!["resourceVersion"]!;
    }

    private async Task Change(ResourceType type, string name = "followed")
    {
        var live = (await store.Get(type, Key with { Name = name }, Cancellation))!;
        live["data"] = new JsonObject { ["k"] = Guid.CreateVersion7().ToString() };
        await store.Replace(live, Cancellation);
    }

    private async Task<string> Version(ResourceType type) => (string)(await store.Get(type, Key, Cancellation))!["metadata"]!["resourceVersion"]!;

    private Task Quiet() => watches.WhenSeen(store.ResourceVersion).Soon();
}
