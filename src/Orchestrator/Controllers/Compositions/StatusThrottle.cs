using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Keeps a minimum interval between writes of a status; the last state is always written in the end.</summary>
internal sealed class StatusThrottle(TimeProvider time, TimeSpan interval)
{
    private readonly ConcurrentDictionary<ObjectKey, long> written = new();

    /// <summary>Whether the last write is too recent, and how long to wait.</summary>
    public bool MustWait(ObjectKey key, out TimeSpan wait)
    {
        wait = written.TryGetValue(key, out var at) ? interval - time.GetElapsedTime(at) : TimeSpan.Zero;
        return wait > TimeSpan.Zero;
    }

    /// <summary>Records a write.</summary>
    public void Wrote(ObjectKey key) => written[key] = time.GetTimestamp();

    /// <summary>Drops the record of an object that is gone.</summary>
    public void Forget(ObjectKey key) => written.TryRemove(key, out _);
}
