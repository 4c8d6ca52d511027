using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// The watched objects of one watch: the version of each, and the version that each follower has seen. Objects without followers are not kept, so the version
/// of an object first followed after the list is unknown until an event or a lookup reports it.
/// </summary>
/// <param name="type">Their kind.</param>
/// <param name="tell">Called with the follower and the changed object; must be quick and must not throw.</param>
internal sealed class FollowedObjects(ResourceType type, Action<ObjectKey, ObjectId> tell)
{
    // The seen version of a follower that found no object.
    private const string None = "0";

    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, FollowedObject> followed = [];
    private readonly HashSet<ObjectKey> wildcards = [];
    private readonly List<(string Version, TaskCompletionSource Seen)> waiters = [];
    private volatile string lastVersion = "0";
    private bool isListed;
    private bool isSuspended;

    /// <summary>The version up to which followers were notified of everything.</summary>
    public string LastVersion => lastVersion;

    /// <summary>The followers of each object, with the version that they have seen.</summary>
    public IReadOnlyList<(ObjectKey Key, ObjectKey Follower, string? Seen)> All
    {
        get
        {
            lock (gate)
                return [.. followed.SelectMany(f => f.Value.Seen.Select(s => (f.Key, s.Key, s.Value)))];
        }
    }

    /// <summary>How many objects are followed.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return followed.Count;
        }
    }

    /// <summary>Adds a follower, or updates what it has seen. It is notified at once if the object is known to have changed since.</summary>
    /// <returns>Whether the object's current version must be looked up: <see cref="LookedUp"/>.</returns>
    public bool Set(ObjectKey key, ObjectKey follower, string? seen)
    {
        lock (gate)
        {
            if (!followed.TryGetValue(key, out var of))
                followed[key] = of = new();
            if (WatchScope.IsWildcard(key))
                wildcards.Add(key);
            var isNew = !of.Seen.TryGetValue(follower, out var hadSeen);
            of.Seen[follower] = seen;
            if (seen is null || wildcards.Contains(key))
                return false;
            // The first list reports it, and earlier followers were notified of every change since.
            if (!of.IsKnown)
                return isNew && isListed && !(ResourceVersion.Compare(lastVersion, seen) <= 0);
            if (IsMissed(of, seen, hadSeen))
                tell(follower, new(type, key));
            return false;
        }
    }

    /// <summary>Removes a follower of an object.</summary>
    /// <returns>Whether no followers are left.</returns>
    public bool Remove(ObjectKey key, ObjectKey follower)
    {
        lock (gate)
        {
            if (followed.TryGetValue(key, out var of) && of.Seen.Remove(follower) && of.Seen.Count == 0)
            {
                followed.Remove(key);
                wildcards.Remove(key);
            }

            return followed.Count == 0;
        }
    }

    /// <summary>Takes the result of a lookup made after the followers read the object: its version, or null if it is gone.</summary>
    public void LookedUp(ObjectKey key, string? version)
    {
        lock (gate)
        {
            // An event of the watch in the meantime was delivered already.
            if (!followed.TryGetValue(key, out var of) || of.IsKnown)
                return;
            of.Is(version);
            NotifyFollowers(key, of, seen => seen is not null && (version is null ? seen != None : IsNewer(version, seen)));
        }
    }

    /// <summary>Handles a failed lookup: every follower of the object reads it again.</summary>
    public void NotLookedUp(ObjectKey key)
    {
        lock (gate)
        {
            if (followed.TryGetValue(key, out var of) && !of.IsKnown)
                NotifyFollowers(key, of, seen => seen is not null);
        }
    }

    /// <summary>Takes a list.</summary>
    /// <returns>Whether the store was restored from a backup: then all followers are notified, and the versions they have seen no longer count.</returns>
    public bool Reset(ResourceList<ObjectVersion> list)
    {
        lock (gate)
        {
            var isRestored = ResourceVersion.IsOlder(list.ResourceVersion, lastVersion);
            var isFirst = !isListed;
            (lastVersion, isListed, isSuspended) = (list.ResourceVersion, true, false);
            var versions = new Dictionary<ObjectKey, string>();
            foreach (var item in list.Items.Where(item => followed.ContainsKey(item.Key)))
                versions[item.Key] = item.Version;
            foreach (var (key, of) in followed)
            {
                if (isRestored)
                    of.Forget();
                if (wildcards.Contains(key))
                    NotifyFollowers(key, of, _ => !isFirst || list.Items.Any(item => WatchScope.Matches(key, item.Key)));
                else
                    Listed(key, of, versions.GetValueOrDefault(key), isFirst, isRestored);
            }

            // A version of an earlier history never arrives.
            Release(isRestored);
            return isRestored;
        }
    }

    /// <summary>Takes an event of the watch.</summary>
    public void Take(WatchEvent happened)
    {
        lock (gate)
        {
            var version = ResourceVersion.Of(happened.Resource);
            // Events arrive in the order in which they happened.
            if (happened.Type != WatchEventType.Deleted && ResourceVersion.IsOlder(version, lastVersion))
                throw new ResourceException(ResourceError.Expired, $"the watch delivered version {version} after version {lastVersion}");
            if (happened.Type != WatchEventType.Bookmark)
                Changed(ObjectKey.Of(happened.Resource), version, happened.Type == WatchEventType.Deleted);
            if (version.Length > 0 && !ResourceVersion.IsOlder(version, lastVersion))
                lastVersion = version;
            Release(all: false);
        }
    }

    /// <summary>Suspends the watch: until the next list other watches follow these objects.</summary>
    public void Suspend()
    {
        lock (gate)
        {
            (isListed, isSuspended) = (false, true);
            foreach (var of in followed.Values)
                of.IsKnown = false;
            Release(all: true);
        }
    }

    /// <summary>Completes when everything up to a version was delivered; at once if nothing is watched.</summary>
    public Task WhenSeen(string version)
    {
        lock (gate)
        {
            if (isSuspended || (isListed && !ResourceVersion.IsOlder(lastVersion, version)))
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((version, seen));
            return seen.Task;
        }
    }

    private void Listed(ObjectKey key, FollowedObject of, string? now, bool isFirst, bool isRestored)
    {
        var (wasKnown, before) = (of.IsKnown, of.Version);
        of.Is(now);
        NotifyFollowers(key, of, seen =>
            isRestored ? true
            : now is not null ? (!wasKnown || before != now || now.Length == 0) && (seen is null || IsNewer(now, seen))
            : (wasKnown && before is not null) || (seen is null ? !wasKnown && !isFirst : IsGone(seen)));
    }

    private void Changed(ObjectKey key, string version, bool isGone)
    {
        foreach (var wildcard in wildcards.Where(w => WatchScope.Matches(w, key)))
            NotifyFollowers(wildcard, followed[wildcard], _ => true);
        // A lookup may be ahead of the watch.
        if (!followed.TryGetValue(key, out var of) || (of is { IsKnown: true, Version: { } known } && ResourceVersion.IsOlder(version, known)))
            return;
        if (of.IsKnown && (isGone ? of.Version is null : of.Version == version && version.Length > 0))
            return;
        of.Is(isGone ? null : version);
        NotifyFollowers(key, of, seen => isGone || seen is null || IsNewer(version, seen));
    }

    private void NotifyFollowers(ObjectKey key, FollowedObject of, Func<string?, bool> isBehind)
    {
        foreach (var (follower, seen) in of.Seen)
        {
            if (isBehind(seen))
                tell(follower, new(type, key));
        }
    }

    // Without an order of versions it is unknown which of the two is newer: the follower reads again, once.
    private bool IsMissed(FollowedObject of, string seen, string? hadSeen) =>
        of.Version is { } now ? ResourceVersion.Compare(now, seen) is { } order ? order > 0 : seen != hadSeen : IsGone(seen);

    // Only if the watch is known to be as far as the follower was.
    private bool IsGone(string seen) => seen != None && ResourceVersion.Compare(lastVersion, seen) >= 0;

    private void Release(bool all)
    {
        foreach (var (_, seen) in waiters.Where(w => all || !ResourceVersion.IsOlder(lastVersion, w.Version)))
            seen.TrySetResult();
        waiters.RemoveAll(w => w.Seen.Task.IsCompleted);
    }

    private static bool IsNewer(string version, string seen) => ResourceVersion.Compare(version, seen) is { } order ? order > 0 : true;
}
