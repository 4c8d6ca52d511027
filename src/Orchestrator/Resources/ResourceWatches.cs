using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Resources;

/// <summary>A resource that somebody follows.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place. A name that begins with <see cref="ResourceWatches.AnyName"/> stands for every one that ends in the rest of it.</param>
/// <param name="SeenVersion">
/// The resourceVersion that the follower has seen, <c>"0"</c> where it saw that there is none: only what is newer is news. Null where it did not look.
/// </param>
/// <param name="As">As whom it is followed; null for ourselves.</param>
/// <param name="HeldBackFor">For how long from now on its changes wait, because it changes too often; null where they do not.</param>
public sealed record WatchedResource(
    ResourceType Type, ObjectKey Key, string? SeenVersion = null, ServiceAccount? As = null, TimeSpan? HeldBackFor = null)
{
    /// <summary>Which object it is.</summary>
    public ObjectId Id => new(Type, Key);
}

/// <summary>An object of some kind.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Key">Its place.</param>
public readonly record struct ObjectId(ResourceType Type, ObjectKey Key);

/// <summary>
/// Follows single resources of any kind on behalf of others, who are told when one of theirs changes. One watch for each kind and namespace that
/// somebody follows, and for each account as which they do, while somebody does.
/// </summary>
public sealed class ResourceWatches(IResourceStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Stands at the beginning of a name for whatever is there. No object has it in its name.</summary>
    public const string AnyName = "*";

    private readonly Lock gate = new();
    private readonly Dictionary<Followed, Follow> follows = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<WatchedResource>> followedBy = [];
    private Action<ObjectKey, ObjectId>? subscriber;

    /// <summary>Calls with the follower and the object at each change; the call is to be quick and must not throw.</summary>
    public void Subscribe(Action<ObjectKey, ObjectId> tell) => subscriber += tell;

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
                follow.Seen[(resource.Key, follower)] = Version(resource.SeenVersion);
                Catch(follow, resource, follower);
            }

            foreach (var gone in before.Where(b => !resources.Any(r => r.Key == b.Key && Followed.Of(r) == Followed.Of(b))))
                Drop(Followed.Of(gone), gone.Key, follower);
        }
    }

    /// <summary>Ends when every watch there is now has told of everything up to the last version of its kind and namespace.</summary>
    public Task WhenSeen(Func<ResourceType, string?, string> lastVersion)
    {
        lock (gate)
            return Task.WhenAll(follows.SelectMany(f => new[] { f.Value.Cache.WhenSeen(lastVersion(f.Key.Type, f.Key.Namespace)), f.Value.Listed }));
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
        var cache = new ResourceCache<FollowedObject>(own, new(own, of.Type, FollowedJson.Default.FollowedObject), time, logger, of.Namespace);
        var follow = new Follow(of.Type, cache);
        cache.Subscribe(change => Tell(follow, change));
        follow.Start(() => TellGone(follow));
        return follows[of] = follow;
    }

    // What happened after the follower looked and before it said that it follows.
    private void Catch(Follow follow, WatchedResource resource, ObjectKey follower)
    {
        if (resource.SeenVersion is null)
            return;
        var (seen, now) = (Version(resource.SeenVersion), follow.Cache.Get(resource.Key));
        if (now is not null ? VersionOf(now) > seen : seen > 0 && Version(follow.Cache.LastResourceVersion) >= seen)
            subscriber?.Invoke(follower, resource.Id);
    }

    // The first list tells of what there is. What went before it, it does not name.
    private void TellGone(Follow follow)
    {
        foreach (var ((key, follower), seen) in follow.Seen)
        {
            if (seen > 0 && follow.Cache.Get(key) is null && Version(follow.Cache.LastResourceVersion) >= seen)
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

    private void Tell(Follow follow, ResourceChange<FollowedObject> change)
    {
        var version = change.After is { } after ? VersionOf(after) : long.MaxValue;
        foreach (var ((key, follower), seen) in follow.Seen)
        {
            if (IsMeant(key, change.Key) && version > seen)
                subscriber?.Invoke(follower, new(follow.Type, key));
        }
    }

    private static bool IsMeant(ObjectKey followed, ObjectKey changed) =>
        followed == changed
        || (followed.Name.StartsWith(AnyName, StringComparison.Ordinal) && followed.Namespace == changed.Namespace
            && changed.Name.EndsWith(followed.Name[AnyName.Length..], StringComparison.Ordinal));

    private static long VersionOf(FollowedObject resource) => Version(resource.Metadata.ResourceVersion);

    private static long Version(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private readonly record struct Followed(ResourceType Type, string? Namespace, ServiceAccount? As)
    {
        public static Followed Of(WatchedResource resource) => new(resource.Type, resource.Key.Namespace, resource.As);
    }

    private sealed class Follow(ResourceType type, ResourceCache<FollowedObject> cache) : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private Task running = Task.CompletedTask;

        /// <summary>Ends once the first list was told of, or when there will be none.</summary>
        public Task Listed { get; private set; } = Task.CompletedTask;

        public ResourceType Type => type;

        public ResourceCache<FollowedObject> Cache => cache;

        public ConcurrentDictionary<(ObjectKey Key, ObjectKey Follower), long> Seen { get; } = new();

        public void Start(Action listed)
        {
            Listed = WhenListed(listed);
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
