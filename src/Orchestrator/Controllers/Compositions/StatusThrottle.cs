using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Keeps the writes of one status apart by an interval; the last state is always written in the end.</summary>
internal sealed class StatusThrottle(TimeProvider time, TimeSpan interval)
{
    private readonly ConcurrentDictionary<ObjectKey, long> written = new();

    /// <summary>Whether the last write is too fresh, and for how long it is.</summary>
    public bool MustWait(ObjectKey key, out TimeSpan wait)
    {
        wait = written.TryGetValue(key, out var at) ? interval - time.GetElapsedTime(at) : TimeSpan.Zero;
        return wait > TimeSpan.Zero;
    }

    /// <summary>Notes a write.</summary>
    public void Wrote(ObjectKey key) => written[key] = time.GetTimestamp();

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key) => written.TryRemove(key, out _);
}
