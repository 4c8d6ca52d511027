using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>
/// The resources as the plan would leave them: a store in memory, which the controllers work on, in front of a cluster, which is read for resources
/// that the plan does not touch. Nothing is ever written to the cluster.
/// </summary>
internal sealed class PlannedWorld
{
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), bool> gone = new();
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), string> uids = new();
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), JsonObject> created = new();
    private readonly IResourceStore? cluster;

    /// <summary>Starts with nothing planned. Without a cluster, everything is new.</summary>
    public PlannedWorld(TimeProvider time, IResourceStore? cluster, Func<ResourceType, ObjectKey, string> newUid)
    {
        this.cluster = cluster;
        // A resource seeded from the cluster keeps its uid; one that replaces it gets a new one. With a cluster, the cluster knows what is namespaced.
        Store = new(
            time, (type, key) => uids.TryRemove((type, key), out var uid) ? uid : newUid(type, key), isNamespaced: cluster is null ? null : _ => null);
    }

    public IResourceStore? Cluster => cluster;

    /// <summary>The store that the controllers work on.</summary>
    public InMemoryResourceStore Store { get; }

    /// <summary>The store that knows which kinds are served: the cluster, or without one the store in memory.</summary>
    public IResourceStore ServedKinds => cluster ?? Store;

    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        await Store.Get(type, key, cancellation) is { } planned ? planned
        : cluster is null || gone.ContainsKey((type, key)) ? null
        : await cluster.Get(type, key, cancellation);

    /// <summary>
    /// Records an object that the plan creates, as it was sent: what the server adds later, such as an address, is not known yet.
    /// </summary>
    public void Created(ResourceType type, ObjectKey key, JsonObject sent) => created[(type, key)] = sent.DeepClone().AsObject();

    /// <summary>What is known of an object that this plan creates; null for any other.</summary>
    public JsonObject? KnownOfCreated(ResourceType type, ObjectKey key) => created.GetValueOrDefault((type, key));

    /// <summary>Whether the store can hold a resource of the cluster: one that nests too deep does not fit.</summary>
    public static bool CanSeed(JsonObject live)
    {
        var resource = live.DeepClone().AsObject();
        (resource["metadata"] as JsonObject)?.Remove("managedFields");
        return JsonDepth.IsWithin(resource, JsonDepth.OfResources);
    }

    /// <summary>Copies a resource of the cluster into the store, with its uid, its status and its place in the lifecycle.</summary>
    public async Task Seed(JsonObject live, CancellationToken cancellation)
    {
        var (type, key) = (ResourceType.Of(live), ObjectKey.Of(live));
        var resource = live.DeepClone().AsObject();
        var metadata = resource["metadata"]!.AsObject();
        var uid = (string?)metadata["uid"];
        var isTerminating = metadata["deletionTimestamp"] is not null;
        ServerMetadata.RemoveFrom(metadata);
        // Owners of other kinds are not in this store, so its garbage collector would delete what they own.
        (metadata["ownerReferences"] as JsonArray)?.RemoveAll(owner => (string?)owner?["apiVersion"] != ApiGroup.ApiVersion);
        await EnsureNamespace(key.Namespace, cancellation);

        var before = await Store.Get(type, key, cancellation);
        if (before is null && uid is not null)
            uids[(type, key)] = uid;
        if (before is not null)
            metadata["resourceVersion"] = (string?)before["metadata"]!["resourceVersion"];
        var seeded = before is null ? await Store.Create(resource, cancellation) : await Store.Replace(resource, cancellation);
        // The store deletes it at once if its owner is gone.
        seeded = await Store.Get(type, key, cancellation) ?? seeded;
        if (live["status"] is JsonObject status)
        {
            var seen = status.DeepClone().AsObject();
            if (seen["observedGeneration"] is not null)
                seen["observedGeneration"] = (long?)status["observedGeneration"] == (long?)live["metadata"]!["generation"]
                    ? (long)seeded["metadata"]!["generation"]! : 0;
            seeded["status"] = seen;
            await Store.ReplaceStatus(seeded, cancellation);
        }

        if (isTerminating)
            await Store.Delete(type, key, new(), cancellation);
    }

    /// <summary>The result of an apply: a dry run on the cluster, unless the files create the resource's namespace.</summary>
    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(resource);
        if (cluster is null || await Store.Get(ResourceType.Of(resource), key, cancellation) is not null
            || (key.Namespace is { } name && await cluster.Get(ResourceType.Namespace, new(null, name), cancellation) is null))
            return await Store.Apply(resource, options, cancellation);
        var result = await cluster.Apply(resource, options with { DryRun = true }, cancellation);
        await Seed(result, cancellation);
        return result;
    }

    public async Task Delete(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        gone[(type, key)] = true;
        if (await Store.Get(type, key, cancellation) is not null)
            await Store.Delete(type, key, new(), cancellation);
    }

    /// <summary>Creates a namespace that the store does not have yet.</summary>
    public Task EnsureNamespace(string? name, CancellationToken cancellation) => new ResourceApply(Store).EnsureNamespace(name, cancellation);
}
