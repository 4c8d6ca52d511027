using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>A watched object and its followers.</summary>
internal sealed class FollowedObject
{
    /// <summary>The followers, with the version that each has seen; null for one that has not read it.</summary>
    public Dictionary<ObjectKey, string?> Seen { get; } = [];

    /// <summary>Whether a list, an event or a lookup reported its current version.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The known version; null if the object is known not to exist.</summary>
    public string? Version { get; private set; }

    /// <summary>Sets the known version; null if the object does not exist.</summary>
    public void Is(string? version) => (IsKnown, Version) = (true, version);

    /// <summary>Drops what belongs to another history of the store.</summary>
    public void Forget()
    {
        IsKnown = false;
        foreach (var follower in Seen.Keys)
            Seen[follower] = null;
    }
}

/// <summary>The version of an object.</summary>
/// <param name="Key">The object.</param>
/// <param name="Version">Its resourceVersion; empty if it has none.</param>
internal sealed record ObjectVersion(ObjectKey Key, string Version);
