using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// How often each child was given back the spec and labels that it had been given before, within the last hour. One that was corrected
/// <see cref="Tolerated"/> times waits ever longer: somebody sets it back at once, and neither of the two gives in. Its times are elapsed ones.
/// </summary>
internal sealed class ContestedChildren(TimeProvider time)
{
    /// <summary>How often within an hour a child is corrected at once.</summary>
    public const int Tolerated = 5;

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<ObjectKey, Record> records = new();

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>How long a write of the child is to wait; null where it need not. A spec that is not the last one is news, and never waits.</summary>
    public TimeSpan? Pause(Component child) =>
        records.TryGetValue(ObjectKey.Of(child.Metadata), out var record) && record.Spec == Text(child) && record.PausedUntil > Now
            ? record.PausedUntil - Now
            : null;

    /// <summary>The child was written.</summary>
    public void Wrote(Component child)
    {
        var key = ObjectKey.Of(child.Metadata);
        if (!records.TryGetValue(key, out var record) || record.Spec != Text(child))
        {
            records[key] = new(Text(child));
            return;
        }

        record.Times.Add(Now);
        record.Times.RemoveAll(t => Now - t >= Window);
        if (record.Times.Count > Tolerated)
            record.PausedUntil = Now + ExponentialBackoff.Delay(record.Times.Count - Tolerated - 1, FirstPause, LongestPause);
    }

    /// <summary>The child is gone.</summary>
    public void Forget(ObjectKey child) => records.TryRemove(child, out _);

    private static string Text(Component child) => ApiJson.ToJson(child.Spec, ApiJson.Default.ComponentSpec).ToJsonString(ApiJson.Compact);

    private sealed record Record(string Spec)
    {
        public List<TimeSpan> Times { get; } = [];

        public TimeSpan PausedUntil { get; set; }
    }
}
