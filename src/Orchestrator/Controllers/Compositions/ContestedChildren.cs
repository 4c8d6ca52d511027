using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// How often each child's spec and labels were reverted to the same state: see <see cref="CorrectionPace"/>. One worker at a time has a child.
/// </summary>
internal sealed class ContestedChildren(TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, Record> records = new();

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>How long to delay a write of the child; null for no delay. A spec that differs from the last one never waits.</summary>
    public TimeSpan? Pause(Component child) =>
        records.TryGetValue(ObjectKey.Of(child.Metadata), out var record) && record.Spec == child.Spec.Digest() ? record.Pace.Pause(Now) : null;

    /// <summary>Records a write of the child.</summary>
    public void Wrote(Component child)
    {
        var key = ObjectKey.Of(child.Metadata);
        var spec = child.Spec.Digest();
        if (records.TryGetValue(key, out var record) && record.Spec == spec)
            record.Pace.Corrected(Now);
        else
            records[key] = new(spec, new());
    }

    /// <summary>Drops the record of a child that is gone.</summary>
    public void Forget(ObjectKey child) => records.TryRemove(child, out _);

    private sealed record Record(string Spec, CorrectionPace Pace);
}
