using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// Follows single resources of any kind on behalf of others, who are told when one of theirs changes. One watch for each resource that somebody follows, and
/// for each account as which they do, while somebody does: what else there is of its kind, gigabytes of ConfigMaps perhaps, is never read. A name with a
/// wildcard is followed by one watch of the metadata of its kind.
/// </summary>
internal sealed class ResourceWatches(IResourceStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // What a follower saw that saw nothing.
    private const string None = "0";

    private readonly Lock gate = new();
    private readonly Dictionary<Followed, Follow> follows = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<WatchedResource>> followedBy = [];
    private Action<ObjectKey, ObjectId>? subscriber;

    /// <summary>Calls with the follower and the object at each change; the call is to be quick and must not throw.</summary>
    public void Subscribe(Action<ObjectKey, ObjectId> tell) => subscriber += tell;

    /// <summary>How many watches run.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return follows.Count;
        }
    }

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
            {
                var follow = Started(Followed.Of(resource));
                var hadSeen = follow.Seen.GetValueOrDefault((resource.Key, follower));
                follow.Seen[(resource.Key, follower)] = resource.SeenVersion;
                if (resource.SeenVersion is { } seen && IsMissed(follow, resource.Key, seen, hadSeen))
                    subscriber?.Invoke(follower, resource.Id);
            }

            foreach (var gone in before.Where(b => !resources.Any(r => r.Key == b.Key && Followed.Of(r) == Followed.Of(b))))
                Drop(Followed.Of(gone), gone.Key, follower);
        }
    }

    /// <summary>Ends when every watch there is now has told of everything up to the last version of its kind and namespace.</summary>
    public Task WhenSeen(Func<ResourceType, string?, string> lastVersion)
    {
        lock (gate)
            return Task.WhenAll(follows.SelectMany(f => new[] { OrDropped(f.Value.Cache.WhenSeen(lastVersion(f.Key.Type, f.Key.Namespace))), f.Value.Listed }));
    }

    // What nobody follows any more has nothing left to tell.
    private static async Task OrDropped(Task seen)
    {
        try
        {
            await seen;
        }
        catch (OperationCanceledException)
        {
            // It ended while it was waited for.
        }
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

    private Follow Started(Followed of)
    {
        if (follows.TryGetValue(of, out var running))
            return running;
        var own = of.As is { } account ? store.As(account) : store;
        var cache = new Informer<FollowedObject>(
            own.MetadataOf(of.Name), new(own, of.Type, FollowedJson.Default.FollowedObject), time, logger, of.Namespace);
        var follow = new Follow(of.Type, cache);
        cache.Subscribe(change => Notify(follow, change));
        cache.SubscribeRestored(() => NotifyAll(follow));
        follow.Start(() => NotifyGone(follow), time, logger);
        return follows[of] = follow;
    }

    // What happened after the follower looked and before it said that it follows. Where versions have no order, which of the two is newer cannot be known:
    // it looks again, once.
    private static bool IsMissed(Follow follow, ObjectKey key, string seen, string? hadSeen)
    {
        if (follow.Cache.Get(key) is { } now)
            return ResourceVersion.Compare(VersionOf(now), seen) is { } order ? order > 0 : seen != hadSeen;
        return IsGone(follow, seen);
    }

    // Only where it is known that the cache is as far as the follower was.
    private static bool IsGone(Follow follow, string seen) => seen != None && ResourceVersion.Compare(follow.Cache.LastResourceVersion, seen) >= 0;

    // The first list tells of what there is. What went before it, it does not name.
    private void NotifyGone(Follow follow)
    {
        foreach (var ((key, follower), seen) in follow.Seen)
        {
            if (seen is not null && follow.Cache.Get(key) is null && IsGone(follow, seen))
                subscriber?.Invoke(follower, new(follow.Type, key));
        }
    }

    // What was seen was seen in another history.
    private void NotifyAll(Follow follow)
    {
        foreach (var (key, follower) in follow.Seen.Keys)
        {
            follow.Seen.TryUpdate((key, follower), null, follow.Seen.GetValueOrDefault((key, follower)));
            subscriber?.Invoke(follower, new(follow.Type, key));
        }
    }

    private void Drop(Followed of, ObjectKey key, ObjectKey follower)
    {
        if (!follows.TryGetValue(of, out var follow))
            return;
        follow.Seen.TryRemove((key, follower), out _);
        if (!follow.Seen.IsEmpty)
            return;
        follows.Remove(of);
        follow.Cancel();
    }

    private void Notify(Follow follow, ResourceChange<FollowedObject> change)
    {
        foreach (var ((key, follower), seen) in follow.Seen)
        {
            if (IsMeant(key, change.Key) && (seen is null || change.After is not { } after || IsNews(VersionOf(after), seen)))
                subscriber?.Invoke(follower, new(follow.Type, key));
        }
    }

    private static bool IsMeant(ObjectKey followed, ObjectKey changed) =>
        followed == changed
        || (followed.Name.StartsWith(WatchedResource.AnyName, StringComparison.Ordinal) && followed.Namespace == changed.Namespace
            && changed.Name.EndsWith(followed.Name[WatchedResource.AnyName.Length..], StringComparison.Ordinal));

    private static string VersionOf(FollowedObject resource) => resource.Metadata.ResourceVersion ?? "";

    private static bool IsNews(string version, string seen) => ResourceVersion.Compare(version, seen) is { } order ? order > 0 : true;

    private readonly record struct Followed(ResourceType Type, string? Namespace, string? Name, ServiceAccount? As)
    {
        public static Followed Of(WatchedResource resource) => new(
            resource.Type, resource.Key.Namespace, resource.Key.Name.StartsWith(WatchedResource.AnyName, StringComparison.Ordinal) ? null : resource.Key.Name,
            resource.As);
    }

    private sealed class Follow(ResourceType type, Informer<FollowedObject> cache) : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private Task running = Task.CompletedTask;

        /// <summary>Ends once the first list was told of, or when there will be none.</summary>
        public Task Listed { get; private set; } = Task.CompletedTask;

        public ResourceType Type => type;

        public Informer<FollowedObject> Cache => cache;

        public ConcurrentDictionary<(ObjectKey Key, ObjectKey Follower), string?> Seen { get; } = new();

        public void Start(Action listed, TimeProvider time, ILogger logger)
        {
            Listed = BackgroundLoop.Run("informer", _ => WhenListed(listed), time, logger, stop.Token);
            running = Task.Run(() => cache.Run(stop.Token));
        }

        public void Cancel() => stop.Cancel();

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            await Listed;
            stop.Dispose();
        }

        private async Task WhenListed(Action listed)
        {
            try
            {
                await cache.Synced;
                listed();
            }
            catch (OperationCanceledException)
            {
                // It ended before.
            }
        }
    }
}
