using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The unprocessed changes of watched objects for each Component, and when they may be processed: at the earliest <see cref="LeastGap"/> after the last run
/// that such a change caused, and not while the object is held back. So a client that keeps reverting an object causes few runs. Time is elapsed time: clock
/// steps have no effect.
/// </summary>
internal sealed class FollowedChanges(TimeProvider time)
{
    /// <summary>The least time between two runs that changes of watched objects cause.</summary>
    public static readonly TimeSpan LeastGap = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlySet<ObjectId> None = new HashSet<ObjectId>();

    private readonly Lock gate = new();
    private readonly Dictionary<ObjectKey, Follower> followers = [];

    /// <summary>Records a change of an object.</summary>
    /// <returns>How long to wait before the Component is reconciled.</returns>
    public TimeSpan Add(ObjectKey follower, ObjectId changed)
    {
        lock (gate)
        {
            if (!followers.TryGetValue(follower, out var of))
                followers[follower] = of = new();
            var now = Now();
            var due = Later(now, Later(of.NextRun, of.HeldBack.GetValueOrDefault(changed)));
            if (of.Due.TryGetValue(changed, out var earlier) && earlier < due)
                due = earlier;
            of.Due[changed] = due;
            return due - now;
        }
    }

    /// <summary>Takes the changes that are due.</summary>
    /// <param name="follower">The Component.</param>
    /// <param name="next">When the next one is due; null if none is left.</param>
    public IReadOnlySet<ObjectId> Take(ObjectKey follower, out TimeSpan? next)
    {
        lock (gate)
        {
            next = null;
            if (!followers.TryGetValue(follower, out var of))
                return None;
            var now = Now();
            var taken = of.Due.Where(d => d.Value <= now).Select(d => d.Key).ToHashSet();
            foreach (var changed in taken)
                of.Due.Remove(changed);
            if (taken.Count > 0)
                of.NextRun = now + LeastGap;
            if (of.Due.Count > 0)
                next = Later(of.NextRun, of.Due.Values.Min()) - now;
            return taken;
        }
    }

    /// <summary>Drops all changes: the next call checks everything.</summary>
    public void Clear(ObjectKey follower)
    {
        lock (gate)
        {
            if (followers.TryGetValue(follower, out var of))
                of.Due.Clear();
        }
    }

    /// <summary>Holds back changes of exactly these objects for as long as they ask, including changes that are already recorded.</summary>
    public void HoldBack(ObjectKey follower, IReadOnlyList<WatchedResource> watched)
    {
        lock (gate)
        {
            var now = Now();
            var held = watched.Where(w => w.HeldBackFor > TimeSpan.Zero).ToDictionary(w => w.Id, w => now + w.HeldBackFor!.Value);
            if (!followers.TryGetValue(follower, out var of))
            {
                if (held.Count == 0)
                    return;
                followers[follower] = of = new();
            }

            of.HeldBack = held;
            foreach (var (changed, until) in held)
            {
                if (of.Due.TryGetValue(changed, out var due))
                    of.Due[changed] = Later(due, until);
            }
        }
    }

    /// <summary>Drops everything of a Component that is gone.</summary>
    public void Forget(ObjectKey follower)
    {
        lock (gate)
            followers.Remove(follower);
    }

    private TimeSpan Now() => time.GetElapsedTime(0);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Follower
    {
        public TimeSpan NextRun { get; set; }

        public Dictionary<ObjectId, TimeSpan> Due { get; } = [];

        public Dictionary<ObjectId, TimeSpan> HeldBack { get; set; } = [];
    }
}
