using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>The uids of the store that a plan works on: a resource seeded from the cluster keeps its uid, one that replaces it gets a new one.</summary>
internal sealed class SeededUids(Func<ResourceType, ObjectKey, string> newUid)
{
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), string> kept = new();

    /// <summary>Keeps a uid for the next resource of this name.</summary>
    public void Keep(ResourceType type, ObjectKey key, string uid) => kept[(type, key)] = uid;

    /// <summary>The uid of a resource that is created now.</summary>
    public string Next(ResourceType type, ObjectKey key) => kept.TryRemove((type, key), out var uid) ? uid : newUid(type, key);
}
