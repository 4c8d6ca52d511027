using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>An object that somebody follows.</summary>
internal sealed class FollowedObject
{
    /// <summary>The followers, with the version that each has seen; null where it did not look.</summary>
    public Dictionary<ObjectKey, string?> Seen { get; } = [];

    /// <summary>Whether a list, an event or a look-up told what became of it.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The version that is known; null where it is known that there is none.</summary>
    public string? Version { get; private set; }

    /// <summary>It is told which version there is; null where there is none.</summary>
    public void Is(string? version) => (IsKnown, Version) = (true, version);

    /// <summary>What is known and was seen is of another history.</summary>
    public void Forget()
    {
        IsKnown = false;
        foreach (var follower in Seen.Keys)
            Seen[follower] = null;
    }
}

/// <summary>Which version an object has.</summary>
/// <param name="Key">The object.</param>
/// <param name="Version">Its resourceVersion; empty where it says nothing.</param>
internal sealed record ObjectVersion(ObjectKey Key, string Version);
