using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The memo of a run for the next run of the same manifests.</summary>
/// <param name="States">The state of each object, in the order of the manifests; null if the run did not finish.</param>
/// <param name="Contested">The objects that another client keeps changing.</param>
internal sealed record ManifestMemo(IReadOnlyList<ObjectState>? States, ContestedObjects Contested)
{
    /// <summary>The states of the objects that have not changed and need no read; null if everything must be read.</summary>
    public IReadOnlyDictionary<InventoryEntry, ObjectState>? Unchanged(IReadOnlySet<ObjectId>? changed, Inventory wanted)
    {
        if (changed is null || States is null || States.Count != wanted.Entries.Count)
            return null;
        var all = wanted.Entries.Select(e => e.Id).ToHashSet();
        return changed.All(all.Contains)
            ? States.Where(s => !changed.Contains(s.Entry.Id) && all.Contains(s.Entry.Id)).ToDictionary(s => s.Entry)
            : null;
    }
}

/// <summary>The state of an object when it was last read.</summary>
/// <param name="Entry">The object.</param>
/// <param name="Version">Its resourceVersion.</param>
/// <param name="Readiness">Its readiness.</param>
/// <param name="Readings">The readings of its outputs.</param>
internal sealed record ObjectState(InventoryEntry Entry, string? Version, Readiness Readiness, IReadOnlyList<FieldReading> Readings);
