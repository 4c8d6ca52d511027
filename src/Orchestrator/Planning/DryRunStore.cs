using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>The store of one call of a handler that applies or reads objects: it records what an apply would change.</summary>
/// <param name="world">The world as planned so far.</param>
/// <param name="isReader">Whether the handler only reads; of an object that this plan creates it sees only what is certain.</param>
internal sealed class DryRunStore(PlannedWorld world, bool isReader = false) : IResourceStore
{
    private readonly Dictionary<InventoryEntry, (JsonObject Before, JsonObject After)> changed = [];

    /// <summary>What the last apply of an existing object changes. Fields that the server sets are no change.</summary>
    public IReadOnlyList<string> ChangesOf(InventoryEntry entry) => changed.TryGetValue(entry, out var change)
        ? JsonChanges.Of(WrittenResource.WithoutServerFields(change.Before), WrittenResource.WithoutServerFields(change.After), "") : [];

    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        isReader && world.KnownOfCreated(type, key) is { } known ? known : await world.Get(type, key, cancellation);

    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var entry = new InventoryEntry(ResourceType.Of(resource), ObjectKey.Of(resource));
        var before = await world.Get(entry.Type, entry.Key, cancellation);
        // An object read from the cluster may be in memory by now, with other versions.
        (resource["metadata"] as JsonObject)?.Remove("resourceVersion");
        var after = await world.Apply(resource, options, cancellation);
        if (before is not null)
            changed[entry] = (before, after);
        if (before is null || world.KnownOfCreated(entry.Type, entry.Key) is not null)
            world.Created(entry.Type, entry.Key, resource);
        return world.KnownOfCreated(entry.Type, entry.Key) ?? after;
    }

    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation) => world.Delete(type, key, cancellation);

    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) => throw NotUsed();

    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) => throw NotUsed();

    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) => throw NotUsed();

    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) => throw NotUsed();

    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation) => throw NotUsed();

    public Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => world.ServedKinds.IsNamespaced(type, cancellation);

    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) =>
        world.ServedKinds.MissingRights(type, key, verbs, cancellation);

    // A plan reads with the user's own rights: it must not let a user act as a ServiceAccount.
    public IResourceStore As(ServiceAccount account) => this;

    private static NotSupportedException NotUsed() => new("the handler manifest gets, applies and deletes");
}
