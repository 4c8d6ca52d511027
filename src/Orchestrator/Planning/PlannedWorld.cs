using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>
/// The resources as the plan would leave them: a store in memory, which the controllers work on, in front of a cluster, which is read for resources
/// that the plan does not touch. Nothing is ever written to the cluster.
/// </summary>
/// <param name="store">The store that the controllers work on; without a cluster, everything in it is new.</param>
/// <param name="cluster">The cluster; null for none.</param>
/// <param name="uids">The uids of the store.</param>
internal sealed class PlannedWorld(IResourceStore store, IResourceStore? cluster, SeededUids uids)
{
    /// <summary>What is wrong with a resource that it cannot hold.</summary>
    public static readonly string TooDeep = $"nests more than {JsonDepth.OfResources} levels deep";

    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), bool> gone = new();
    private readonly ConcurrentDictionary<(ResourceType Type, ObjectKey Key), JsonObject> created = new();

    public IResourceStore? Cluster => cluster;

    /// <summary>The store that the controllers work on.</summary>
    public IResourceStore Store => store;

    /// <summary>The store that knows which kinds are served: the cluster, or without one the store in memory.</summary>
    public IResourceStore ServedKinds => cluster ?? store;

    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        await store.Get(type, key, cancellation) is { } planned ? planned
        : cluster is null || gone.ContainsKey((type, key)) ? null
        : await cluster.Get(type, key, cancellation);

    /// <summary>
    /// Records an object that the plan creates, as it was sent: values that the server adds later, such as an address, are not known yet.
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
        var resource = WrittenResource.WithoutServerFields(live);
        var metadata = resource["metadata"]!.AsObject();
        // Owners of other kinds are not in this store, so its garbage collector would delete what they own.
        (metadata["ownerReferences"] as JsonArray)?.RemoveAll(owner => (string?)owner?["apiVersion"] != ApiGroup.ApiVersion);
        await store.EnsureNamespace(key.Namespace, cancellation);

        var before = await store.Get(type, key, cancellation);
        if (before is null && (string?)live["metadata"]!["uid"] is { } uid)
            uids.Keep(type, key, uid);
        if (before is not null)
            metadata["resourceVersion"] = (string?)before["metadata"]!["resourceVersion"];
        var seeded = before is null ? await store.Create(resource, cancellation) : await store.Replace(resource, cancellation);
        // The store deletes it at once if its owner is gone.
        seeded = await store.Get(type, key, cancellation) ?? seeded;
        if (live["status"] is JsonObject status)
        {
            var seen = status.DeepClone().AsObject();
            if (seen["observedGeneration"] is not null)
                seen["observedGeneration"] = (long?)status["observedGeneration"] == (long?)live["metadata"]!["generation"]
                    ? (long)seeded["metadata"]!["generation"]! : 0;
            seeded["status"] = seen;
            await store.ReplaceStatus(seeded, cancellation);
        }

        if (live["metadata"]!["deletionTimestamp"] is not null)
            await store.Delete(type, key, new(), cancellation);
    }

    /// <summary>The result of an apply: a dry run on the cluster, unless the files create the resource's namespace.</summary>
    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(resource);
        if (cluster is null || await store.Get(ResourceType.Of(resource), key, cancellation) is not null
            || (key.Namespace is { } name && await cluster.Get(ResourceType.Namespace, new(null, name), cancellation) is null))
            return await store.Apply(resource, options, cancellation);
        var result = await cluster.Apply(resource, options with { DryRun = true }, cancellation);
        await Seed(result, cancellation);
        return result;
    }

    public async Task Delete(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        gone[(type, key)] = true;
        if (await store.Get(type, key, cancellation) is not null)
            await store.Delete(type, key, new(), cancellation);
    }
}
