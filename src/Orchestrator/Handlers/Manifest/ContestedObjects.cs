using DeploymentOrchestrator.Informers;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// How often each object of a Component was corrected within the last hour. An object corrected <see cref="CorrectionPace.Tolerated"/> times is checked less
/// and less often, and reported: another client keeps changing it. Times are elapsed times. One caller at a time.
/// </summary>
internal sealed class ContestedObjects
{
    private readonly Dictionary<InventoryEntry, Record> records = [];

    /// <summary>Records an apply of an object.</summary>
    /// <param name="entry">The object.</param>
    /// <param name="putRight">Whether it reverted a change of another client.</param>
    /// <param name="others">The reverted fields, and the managers that had set them.</param>
    /// <param name="now">The current time.</param>
    /// <returns>What to report, if anything.</returns>
    public HandlerEvent? Applied(InventoryEntry entry, bool putRight, IReadOnlyList<(string Field, string Manager)> others, TimeSpan now)
    {
        // The first apply of these manifests: what it changes is not drift.
        if (!records.TryGetValue(entry, out var record))
        {
            records[entry] = new();
            return null;
        }

        if (!putRight || !record.Pace.Corrected(now) || (record.ReportedAt is { } told && now - told < CorrectionPace.Window))
            return null;
        record.ReportedAt = now;
        return new("FieldContested", Text(entry, record.Pace.Count, others), IsWarning: true);
    }

    /// <summary>How long not to touch the object; null for no pause.</summary>
    public TimeSpan? Pause(InventoryEntry entry, TimeSpan now) =>
        records.GetValueOrDefault(entry)?.Pace.Pause(now);

    private static string Text(InventoryEntry entry, int times, IReadOnlyList<(string Field, string Manager)> others)
    {
        if (others.Count == 0)
            return $"{entry} was corrected {times} times within an hour: another client keeps changing or deleting it; leave its fields out of the manifest, "
                + $"or stop that client";
        var (field, manager) = others[0];
        var more = others.Count == 1 ? "" : $" (and {others.Count - 1} more)";
        return $"{entry}: {field}{more} was corrected {times} times within an hour, \"{manager}\" keeps changing it: "
            + "leave the field out of the manifest, or stop that client";
    }

    private sealed class Record
    {
        public CorrectionPace Pace { get; } = new();

        public TimeSpan? ReportedAt { get; set; }
    }
}
