using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>
/// The resources as they would be: a store in memory, in which the controllers work, before a cluster, of which only what nobody planned anything for
/// is read. Nothing is ever written to the cluster.
/// </summary>
internal sealed class PlannedWorld
{
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), bool> gone = new();
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), string> uids = new();
    private readonly IResourceStore? cluster;

    /// <summary>A world in which nothing is planned yet.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="cluster">The cluster; null where there is none, and all is new.</param>
    /// <param name="newUid">The uid of what would be made.</param>
    public PlannedWorld(TimeProvider time, IResourceStore? cluster, Func<ResourceType, ObjectKey, string> newUid)
    {
        this.cluster = cluster;
        // A resource that comes from the cluster is the same being; one that takes its place is another. Where there is a cluster, it has said what
        // is namespaced.
        Memory = new(
            time, (type, key) => uids.TryRemove((type, key), out var uid) ? uid : newUid(type, key), isNamespaced: cluster is null ? null : _ => null);
    }

    /// <summary>Where the controllers work.</summary>
    public InMemoryResourceStore Memory { get; }

    /// <summary>What says which kinds there are: the cluster, or the memory where there is none.</summary>
    public IResourceStore Served => cluster ?? Memory;

    /// <summary>The resource as it would be.</summary>
    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        await Memory.Get(type, key, cancellation) is { } planned ? planned
        : cluster is null || gone.ContainsKey((type, key)) ? null
        : await cluster.Get(type, key, cancellation);

    /// <summary>Whether a resource of the cluster can be put into the memory: one that nests too deep cannot.</summary>
    public static bool CanSeed(JsonObject live)
    {
        var resource = live.DeepClone().AsObject();
        (resource["metadata"] as JsonObject)?.Remove("managedFields");
        return JsonDepth.IsWithin(resource, JsonDepth.OfResources);
    }

    /// <summary>Puts a resource of the cluster into the memory, with its uid and status, as if it were at the same point of its life there.</summary>
    public async Task Seed(JsonObject live, CancellationToken cancellation)
    {
        var (type, key) = (ResourceType.Of(live), ObjectKey.Of(live));
        var resource = live.DeepClone().AsObject();
        var metadata = resource["metadata"]!.AsObject();
        var uid = (string?)metadata["uid"];
        var isTerminating = metadata["deletionTimestamp"] is not null;
        ServerMetadata.RemoveFrom(metadata);
        if (metadata["ownerReferences"] is JsonArray owners)
            metadata["ownerReferences"] = new JsonArray([.. owners.Where(IsOurs).Select(o => o!.DeepClone())]);
        await EnsureNamespace(key.Namespace, cancellation);

        JsonObject seeded;
        if (await Memory.Get(type, key, cancellation) is { } before)
        {
            metadata["resourceVersion"] = (string?)before["metadata"]!["resourceVersion"];
            seeded = await Memory.Replace(resource, cancellation);
        }
        else
        {
            if (uid is not null)
                uids[(type, key)] = uid;
            seeded = await Memory.Create(resource, cancellation);
        }

        // An owner that is gone takes it along at once, here as there.
        seeded = await Memory.Get(type, key, cancellation) ?? seeded;
        if (live["status"] is JsonObject status)
        {
            var seen = status.DeepClone().AsObject();
            if (seen["observedGeneration"] is not null)
                seen["observedGeneration"] = (long?)status["observedGeneration"] == (long?)live["metadata"]!["generation"]
                    ? (long)seeded["metadata"]!["generation"]! : 0;
            seeded["status"] = seen;
            await Memory.ReplaceStatus(seeded, cancellation);
        }

        if (isTerminating)
            await Memory.Delete(type, key, new(), cancellation);
    }

    /// <summary>What an apply would make of a resource. The cluster itself says it, where its namespace is there already.</summary>
    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(resource);
        if (cluster is null || await Memory.Get(ResourceType.Of(resource), key, cancellation) is not null
            || await IsNamespaceToCome(key.Namespace, cancellation))
            return await Memory.Apply(resource, options, cancellation);
        var result = await cluster.Apply(resource, options with { DryRun = true }, cancellation);
        await Seed(result, cancellation);
        return result;
    }

    /// <summary>A resource would be deleted.</summary>
    public async Task Delete(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        gone[(type, key)] = true;
        if (await Memory.Get(type, key, cancellation) is not null)
            await Memory.Delete(type, key, new(), cancellation);
    }

    /// <summary>A namespace that the memory does not know yet.</summary>
    public async Task EnsureNamespace(string? name, CancellationToken cancellation)
    {
        if (name is null || await Memory.Get(ResourceType.Namespace, new(null, name), cancellation) is not null)
            return;
        await Memory.Create(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, cancellation);
    }

    // The files bring it.
    private async Task<bool> IsNamespaceToCome(string? name, CancellationToken cancellation) =>
        name is not null && await cluster!.Get(ResourceType.Namespace, new(null, name), cancellation) is null;

    // Other owners are not here, and what they own would be collected.
    private static bool IsOurs(JsonNode? owner) => (string?)owner?["apiVersion"] == ApiGroup.ApiVersion;
}
