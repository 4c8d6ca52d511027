using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// Watches single resources of any kind and notifies their followers of changes. Followers share one watch for each kind, namespace and account, which ends
/// with the last of them. ConfigMaps and Secrets are watched one by one, and so are kinds that an account may not watch as a whole.
/// </summary>
internal sealed class ResourceWatches(IResourceStore store, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How often an account that may watch single objects only tries to watch the whole kind again.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<WatchScope, ObjectWatch> watches = [];
    private readonly HashSet<WatchScope> forbidden = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<WatchedResource>> followedBy = [];
    private Action<ObjectKey, ObjectId>? subscriber;

    /// <summary>Subscribes to changes: called with the follower and the object; must be quick and must not throw.</summary>
    public void Subscribe(Action<ObjectKey, ObjectId> tell) => subscriber += tell;

    /// <summary>How many watches run.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return watches.Count - forbidden.Count;
        }
    }

    /// <summary>Sets what one follower follows; an empty list ends it.</summary>
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
                Follow(WatchScope.Of(resource), resource.Key, follower, resource.SeenVersion);
            foreach (var gone in before.Where(b => !resources.Any(r => r.Key == b.Key && WatchScope.Of(r) == WatchScope.Of(b))))
                Drop(WatchScope.Of(gone), gone.Key, follower);
        }
    }

    /// <summary>Completes when every current watch has delivered everything up to the last version of its kind and namespace.</summary>
    public Task WhenSeen(Func<ResourceType, string?, string> lastVersion)
    {
        lock (gate)
            return Task.WhenAll(watches.Select(w => w.Value.WhenSeen(lastVersion(w.Key.Type, w.Key.Namespace))));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<ObjectWatch> all;
        lock (gate)
        {
            all = [.. watches.Values];
            watches.Clear();
            forbidden.Clear();
        }

        foreach (var watch in all)
            await watch.DisposeAsync();
    }

    private void Follow(WatchScope scope, ObjectKey key, ObjectKey follower, string? seen)
    {
        if (watches.TryGetValue(scope, out var running))
        {
            running.Set(key, follower, seen);
        }
        else
        {
            var watch = watches[scope] =
                new(store, scope, (to, changed) => subscriber?.Invoke(to, changed), time, logger, scope.Name is null ? WatchOneByOne : null);
            watch.Set(key, follower, seen);
            watch.Start(() => WatchTogether(scope, watch));
        }

        if (forbidden.Contains(scope) && !WatchScope.IsWildcard(key))
            Follow(scope.ByName(key), key, follower, seen);
    }

    private void Drop(WatchScope scope, ObjectKey key, ObjectKey follower)
    {
        if (!watches.TryGetValue(scope, out var watch))
            return;
        if (forbidden.Contains(scope))
            Drop(scope.ByName(key), key, follower);
        if (!watch.Objects.Remove(key, follower))
            return;
        watches.Remove(scope);
        forbidden.Remove(scope);
        watch.Cancel();
    }

    // A Role may allow single names. What is followed without a name waits for the right.
    private async Task<bool> WatchOneByOne(WatchScope scope, ObjectWatch watch, string reason, CancellationToken cancellation)
    {
        bool isAllNamed;
        lock (gate)
        {
            // It ended in the meantime.
            if (watches.GetValueOrDefault(scope) != watch)
                return false;
            var named = watch.Objects.All.Where(o => !WatchScope.IsWildcard(o.Key)).ToList();
            isAllNamed = named.Count == watch.Objects.All.Count;
            if (forbidden.Add(scope) && isAllNamed)
                Log.WatchedOneByOne(logger, scope.Type, reason);
            foreach (var (key, follower, seen) in named)
                Follow(scope.ByName(key), key, follower, seen);
            watch.Objects.Suspend();
        }

        if (isAllNamed)
            await Task.Delay(Retry, time, cancellation);
        return isAllNamed;
    }

    private void WatchTogether(WatchScope scope, ObjectWatch watch)
    {
        lock (gate)
        {
            if (watches.GetValueOrDefault(scope) != watch || !forbidden.Remove(scope))
                return;
            foreach (var (key, follower, _) in watch.Objects.All)
                Drop(scope.ByName(key), key, follower);
        }
    }
}
