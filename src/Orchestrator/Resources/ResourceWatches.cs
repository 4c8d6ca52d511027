using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Resources;

/// <summary>A resource that somebody follows.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place.</param>
/// <param name="SeenVersion">The resourceVersion that the follower has seen: only newer ones are news. Null where it saw none.</param>
public sealed record WatchedResource(ResourceType Type, ObjectKey Key, string? SeenVersion = null);

/// <summary>
/// Follows single resources of any kind on behalf of others, who are told when one of theirs changes. One watch for each kind and namespace that
/// somebody follows, while somebody does.
/// </summary>
public sealed class ResourceWatches(IResourceStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<(ResourceType Type, string? Namespace), Follow> follows = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<WatchedResource>> followedBy = [];
    private Action<ObjectKey>? subscriber;

    /// <summary>Calls with the follower at each change; the call is to be quick and must not throw.</summary>
    public void Subscribe(Action<ObjectKey> tell) => subscriber += tell;

    /// <summary>What one follower follows from now on; an empty list ends it.</summary>
    public void Set(ObjectKey follower, IReadOnlyList<WatchedResource> resources)
    {
        lock (gate)
        {
            var before = followedBy.GetValueOrDefault(follower, []);
            if (resources.Count == 0)
                followedBy.Remove(follower);
            else
                followedBy[follower] = resources;
            foreach (var resource in resources)
                Started((resource.Type, resource.Key.Namespace)).Seen[(resource.Key, follower)] = Version(resource.SeenVersion);
            foreach (var gone in before.Where(b => !resources.Any(r => r.Type == b.Type && r.Key == b.Key)))
                Drop((gone.Type, gone.Key.Namespace), gone.Key, follower);
        }
    }

    /// <summary>Ends when every watch there is now has told of everything up to the last version of its kind and namespace.</summary>
    public Task WhenSeen(Func<ResourceType, string?, string> lastVersion)
    {
        lock (gate)
            return Task.WhenAll(follows.Select(f => f.Value.Cache.WhenSeen(lastVersion(f.Key.Type, f.Key.Namespace))));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<Follow> all;
        lock (gate)
        {
            all = [.. follows.Values];
            follows.Clear();
        }

        foreach (var follow in all)
            await follow.DisposeAsync();
    }

    private Follow Started((ResourceType Type, string? Namespace) of)
    {
        if (follows.TryGetValue(of, out var running))
            return running;
        var cache = new ResourceCache<JsonObject>(store, new(store, of.Type, ApiJson.Default.JsonObject), time, logger, of.Namespace);
        var follow = new Follow(cache);
        cache.Subscribe(change => Tell(follow, change));
        follow.Start();
        return follows[of] = follow;
    }

    private void Drop((ResourceType Type, string? Namespace) of, ObjectKey key, ObjectKey follower)
    {
        if (!follows.TryGetValue(of, out var follow))
            return;
        follow.Seen.TryRemove((key, follower), out _);
        if (!follow.Seen.IsEmpty)
            return;
        follows.Remove(of);
        follow.Cancel();
    }

    private void Tell(Follow follow, ResourceChange<JsonObject> change)
    {
        var version = change.After is { } after ? Version((string?)after["metadata"]?["resourceVersion"]) : long.MaxValue;
        foreach (var ((key, follower), seen) in follow.Seen)
        {
            if (key == change.Key && version > seen)
                subscriber?.Invoke(follower);
        }
    }

    private static long Version(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private sealed class Follow(ResourceCache<JsonObject> cache) : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private Task running = Task.CompletedTask;

        public ResourceCache<JsonObject> Cache => cache;

        public ConcurrentDictionary<(ObjectKey Key, ObjectKey Follower), long> Seen { get; } = new();

        public void Start() => running = Task.Run(() => cache.Run(stop.Token));

        public void Cancel() => stop.Cancel();

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }
    }
}
