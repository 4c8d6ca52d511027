using System.Text.Json.Nodes;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Resources;

/// <summary>A store that is written to only while this process may write.</summary>
internal sealed class LeasedResourceStore(IResourceStore store, IWriteLease lease) : IResourceStore
{
    /// <inheritdoc/>
    public Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) => store.Get(type, key, cancellation);

    /// <inheritdoc/>
    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) => store.List(type, @namespace, cancellation);

    /// <inheritdoc/>
    public Task<ResourceList<T>> List<T>(ResourceType type, string? @namespace, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class => store.List(type, @namespace, read, cancellation);

    /// <inheritdoc/>
    public async Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation)
    {
        await WhenAllowed(cancellation);
        return await store.Create(resource, cancellation);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation)
    {
        await WhenAllowed(cancellation);
        return await store.Replace(resource, cancellation);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation)
    {
        await WhenAllowed(cancellation);
        return await store.ReplaceStatus(resource, cancellation);
    }

    /// <inheritdoc/>
    public async Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        await WhenAllowed(cancellation);
        return await store.Apply(resource, options, cancellation);
    }

    /// <inheritdoc/>
    public async Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation)
    {
        await WhenAllowed(cancellation);
        await store.Delete(type, key, options, cancellation);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation) =>
        store.Watch(type, @namespace, resourceVersion, cancellation);

    /// <inheritdoc/>
    public Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => store.IsNamespaced(type, cancellation);

    /// <inheritdoc/>
    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) =>
        store.MissingRights(type, key, verbs, cancellation);

    /// <inheritdoc/>
    public IResourceStore As(ServiceAccount account) => new LeasedResourceStore(store.As(account), lease);

    /// <inheritdoc/>
    public IResourceFeed Named(string name) => store.Named(name);

    /// <inheritdoc/>
    public IResourceFeed MetadataOf(string? name) => store.MetadataOf(name);

    // For any time above zero. A write that arrives too late anyway is refused if it names a version or a uid; a create or an apply has the same content
    // as that of the next leader, or is corrected by it.
    private Task WhenAllowed(CancellationToken cancellation) => lease.WhenHeldFor(TimeSpan.Zero, cancellation);
}
