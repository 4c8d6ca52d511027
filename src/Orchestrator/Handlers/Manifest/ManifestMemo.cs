using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>What one run leaves in the process for the next one of the same manifests.</summary>
/// <param name="States">How each object stood, in the order of the manifests; null where the run did not come to its end.</param>
/// <param name="Contested">Who is at odds with whom.</param>
internal sealed record ManifestMemo(IReadOnlyList<ObjectState>? States, ContestedObjects Contested)
{
    /// <summary>The states of the objects that need no look, as none of the changes is theirs; null where everything has to be looked at.</summary>
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

/// <summary>How an object stood when it was last looked at.</summary>
/// <param name="Entry">The object.</param>
/// <param name="Version">Its resourceVersion.</param>
/// <param name="Readiness">Whether it is in force.</param>
/// <param name="Readings">What it had for its outputs.</param>
internal sealed record ObjectState(InventoryEntry Entry, string? Version, Readiness Readiness, IReadOnlyList<FieldReading> Readings);
