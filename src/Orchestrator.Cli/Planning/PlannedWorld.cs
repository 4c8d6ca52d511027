using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
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
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), JsonObject> created = new();
    private readonly IResourceStore? cluster;

    /// <summary>A world in which nothing is planned yet. Where the cluster is null, all is new.</summary>
    public PlannedWorld(TimeProvider time, IResourceStore? cluster, Func<ResourceType, ObjectKey, string> newUid)
    {
        this.cluster = cluster;
        // A resource that comes from the cluster is the same being; one that takes its place is another. Where there is a cluster, it has said what
        // is namespaced.
        Memory = new(
            time, (type, key) => uids.TryRemove((type, key), out var uid) ? uid : newUid(type, key), isNamespaced: cluster is null ? null : _ => null);
    }

    public IResourceStore? Cluster => cluster;

    /// <summary>Where the controllers work.</summary>
    public InMemoryResourceStore Memory { get; }

    /// <summary>What says which kinds there are: the cluster, or the memory where there is none.</summary>
    public IResourceStore Served => cluster ?? Memory;

    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        await Memory.Get(type, key, cancellation) is { } planned ? planned
        : cluster is null || gone.ContainsKey((type, key)) ? null
        : await cluster.Get(type, key, cancellation);

    /// <summary>
    /// Notes that an object is created, by what was sent: what a server adds to it, such as an address, will be another once it is.
    /// </summary>
    public void Created(ResourceType type, ObjectKey key, JsonObject sent) => created[(type, key)] = sent.DeepClone().AsObject();

    /// <summary>What is known of an object that is created in this plan; null of any other.</summary>
    public JsonObject? KnownOfCreated(ResourceType type, ObjectKey key) => created.GetValueOrDefault((type, key));

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
        // Other owners are not here, and what they own would be collected.
        (metadata["ownerReferences"] as JsonArray)?.RemoveAll(owner => (string?)owner?["apiVersion"] != ApiGroup.ApiVersion);
        await EnsureNamespace(key.Namespace, cancellation);

        var before = await Memory.Get(type, key, cancellation);
        if (before is null && uid is not null)
            uids[(type, key)] = uid;
        if (before is not null)
            metadata["resourceVersion"] = (string?)before["metadata"]!["resourceVersion"];
        var seeded = before is null ? await Memory.Create(resource, cancellation) : await Memory.Replace(resource, cancellation);
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

    /// <summary>What an apply would make of a resource. The cluster itself says it, unless the files bring its namespace.</summary>
    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(resource);
        if (cluster is null || await Memory.Get(ResourceType.Of(resource), key, cancellation) is not null
            || (key.Namespace is { } name && await cluster.Get(ResourceType.Namespace, new(null, name), cancellation) is null))
            return await Memory.Apply(resource, options, cancellation);
        var result = await cluster.Apply(resource, options with { DryRun = true }, cancellation);
        await Seed(result, cancellation);
        return result;
    }

    public async Task Delete(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        gone[(type, key)] = true;
        if (await Memory.Get(type, key, cancellation) is not null)
            await Memory.Delete(type, key, new(), cancellation);
    }

    /// <summary>Creates a namespace that the memory does not know yet.</summary>
    public Task EnsureNamespace(string? name, CancellationToken cancellation) => new ResourceApply(Memory).EnsureNamespace(name, cancellation);
}
