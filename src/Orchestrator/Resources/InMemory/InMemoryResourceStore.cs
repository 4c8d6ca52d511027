using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// A whole cluster's resources in memory: every kind is served, none has a schema, and each has a status subresource. Work that kube-controller-manager
/// does later in a cluster (garbage collection, the deletion of a Namespace) is done here before a write returns.
/// The Namespaces <c>default</c> and <c>kube-system</c> exist from the start and cannot be deleted.
/// </summary>
/// <remarks>
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/. In server-side apply every list is one value, as there is no schema to
/// tell which have keys; only finalizers and owner references are merged item by item.
/// </remarks>
internal sealed class InMemoryResourceStore : IResourceStore
{
    /// <summary>The default number of events kept for watches to resume.</summary>
    public const int DefaultHistoryLimit = 10_000;

    private static readonly string[] PermanentNamespaces = ["default", "kube-system"];

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Func<ResourceType, ObjectKey, string> newUid;
    private readonly Func<ResourceType, bool?> isNamespaced;
    private readonly EventHistory history;
    private readonly ResourceTable table;
    private readonly Deletion deletion;
    private readonly GarbageCollector collector;

    /// <summary>An empty cluster.</summary>
    /// <param name="time">The time of creations and deletions.</param>
    /// <param name="newUid">Returns the uid of a new resource; never used before, unless the caller wants to keep an identity.</param>
    /// <param name="historyLimit">How many events are kept, at least 1; a watch from an earlier version is Expired.</param>
    /// <param name="isNamespaced">
    /// Whether a kind is namespaced; null if unknown, so that its CustomResourceDefinition or the resource itself decides. The default is what holds for
    /// every cluster.
    /// </param>
    public InMemoryResourceStore(
        TimeProvider time, Func<ResourceType, ObjectKey, string> newUid, int historyLimit = DefaultHistoryLimit, Func<ResourceType, bool?>? isNamespaced = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(historyLimit, 1);
        this.time = time;
        this.newUid = newUid;
        this.isNamespaced = isNamespaced ?? ResourceScope.IsNamespaced;
        history = new(historyLimit);
        table = new(history);
        deletion = new(table, time);
        collector = new(table, deletion);
        foreach (var name in PermanentNamespaces)
            Insert(ResourceId.Namespace(name),
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
    }

    /// <summary>
    /// The resourceVersion of the kind's last event, in one namespace or (null) in all; <c>"0"</c> if there was none. A client that has seen it has seen
    /// everything.
    /// </summary>
    public string ResourceVersion(ResourceType type, string? @namespace = null)
    {
        lock (gate)
            return Text(history.LastVersion(type, @namespace));
    }

    /// <inheritdoc/>
    public Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation) =>
        Locked(() => table.Find(new ResourceId(type, key))?.Copy(), cancellation);

    /// <inheritdoc/>
    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) =>
        Locked(() => new ResourceList([.. table.List(type, @namespace).Select(r => r.Copy())], Text(table.Version)), cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) => Locked(
        () =>
        {
            var incoming = IncomingResource.Read(resource, Scope);
            if (incoming.Metadata.ResourceVersion is not null)
                throw incoming.Refuse("metadata.resourceVersion: Forbidden: must not be set on resources to be created");
            if (table.Find(incoming.Id) is not null)
                throw new ResourceException(ResourceError.AlreadyExists, $"{incoming.Id} already exists");
            ResourceFields.KeepOwn([], incoming.Json);
            ResourceFields.KeepStatus([], incoming.Json);
            FieldOwnership.Update(null, incoming.Json, time.GetUtcNow());
            return Insert(incoming.Id, incoming.Json);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) => Locked(
        () =>
        {
            var incoming = IncomingResource.Read(resource, Scope);
            var live = Current(incoming);
            if (incoming.Metadata.IsTerminating && !live.Metadata.IsTerminating)
                throw incoming.Refuse("metadata.deletionTimestamp: Invalid value: field is immutable; it is set by a deletion");
            ResourceFields.KeepOwn(live.Json, incoming.Json);
            ResourceFields.KeepStatus(live.Json, incoming.Json);
            FieldOwnership.Update(live.Json, incoming.Json, time.GetUtcNow());
            return Write(incoming, live, incoming.Json);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) => Locked(
        () =>
        {
            var incoming = IncomingResource.Read(resource, Scope);
            var live = Current(incoming);
            var after = live.Copy();
            ResourceFields.KeepStatus(incoming.Json, after);
            return Write(incoming, live, after);
        },
        cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation) => Locked(
        () =>
        {
            var incoming = IncomingResource.Read(resource, Scope);
            if (options.FieldManager.Length is 0 or > 128)
                throw incoming.Refuse("fieldManager: Invalid value: must have 1 to 128 characters");
            if (incoming.Json["metadata"]!["managedFields"] is not null)
                throw incoming.Refuse("metadata.managedFields: Forbidden: must not be set in what is applied");
            var live = table.Find(incoming.Id);
            if (incoming.Metadata.Uid is { } uid && uid != live?.Uid)
                throw Modified(incoming.Id);
            if (incoming.Metadata.ResourceVersion is { } version && version != live?.Metadata.ResourceVersion)
                throw Modified(incoming.Id);
            var after = FieldOwnership.Apply(live?.Json ?? ResourceFields.Identity(incoming.Json), incoming.Json, options, time.GetUtcNow());
            if (options.DryRun)
            {
                if (live is null)
                    CheckPlace(incoming.Id);
                return after;
            }

            return live is null ? Insert(incoming.Id, after) : Write(incoming, live, IncomingResource.Read(after, Scope).Json);
        },
        cancellation);

    /// <inheritdoc/>
    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation) => Locked(
        () =>
        {
            var id = new ResourceId(type, key);
            var live = table.Find(id) ?? throw NotFound(id);
            if (options.Uid is { } uid && uid != live.Uid)
                throw new ResourceException(ResourceError.Conflict, $"operation cannot be fulfilled on {id}: uid {uid} is asked for, it has {live.Uid}");
            if (options.ResourceVersion is { } version && version != live.Metadata.ResourceVersion)
                throw new ResourceException(ResourceError.Conflict,
                    $"operation cannot be fulfilled on {id}: version {version} is asked for, it has {live.Metadata.ResourceVersion}");
            if (id.IsNamespace && PermanentNamespaces.Contains(key.Name, StringComparer.Ordinal))
                throw new ResourceException(ResourceError.Forbidden, $"{id} is forbidden: this namespace may not be deleted");
            deletion.Delete(live, options.Propagation);
            collector.Run();
            return live;
        },
        cancellation);

    /// <inheritdoc/>
    /// <remarks>Cancellation ends it with an <see cref="OperationCanceledException"/>; nothing else does. There are no bookmarks.</remarks>
    public async IAsyncEnumerable<WatchEvent> Watch(
        ResourceType type, string? @namespace, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        EventHistory.Watcher watcher;
        lock (gate)
            watcher = history.Watch(type, @namespace, resourceVersion, table.Version);
        try
        {
            await foreach (var happened in watcher.Events.ReadAllAsync(cancellation))
                yield return happened.Copy();
        }
        finally
        {
            lock (gate)
                history.End(watcher);
        }
    }

    /// <inheritdoc/>
    /// <remarks>An unknown kind is namespaced, unless a CustomResourceDefinition in the store says otherwise.</remarks>
    public Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => Locked(
        () => Scope(type) ?? true,
        cancellation);

    /// <inheritdoc/>
    /// <remarks>The store has no users, so no right is missing.</remarks>
    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) =>
        Locked(() => new MissingRights(type.Kind, []), cancellation);

    /// <inheritdoc/>
    /// <remarks>The store has no users: returns the same store.</remarks>
    public IResourceStore As(ServiceAccount account) => this;

    private bool? Scope(ResourceType type) =>
        isNamespaced(type) ?? ResourceScope.IsNamespaced(type, table.List(ResourceScope.Definition, null).Select(d => d.Json));

    private JsonObject Insert(ResourceId id, JsonObject resource)
    {
        CheckPlace(id);
        var metadata = resource["metadata"]!;
        metadata["uid"] = newUid(ResourceType.Of(resource), ObjectKey.Of(resource));
        metadata["creationTimestamp"] = TimestampConverter.ToText(time.GetUtcNow());
        metadata["generation"] = 1;
        if (id.IsNamespace)
            resource["status"] = new JsonObject { ["phase"] = "Active" };
        var created = table.Put(resource);
        collector.Run();
        return created.Copy();
    }

    private void CheckPlace(ResourceId id)
    {
        if (id.Key.Namespace is not { } name)
            return;
        var lies = table.Find(ResourceId.Namespace(name)) ?? throw NotFound(ResourceId.Namespace(name));
        if (lies.Metadata.IsTerminating)
            throw new ResourceException(ResourceError.Forbidden,
                $"{id} is forbidden: unable to create new content in namespace {name} because it is being terminated");
    }

    private JsonObject Write(IncomingResource incoming, StoredResource live, JsonObject after)
    {
        if (JsonNode.DeepEquals(live.Json, after))
            return live.Copy();
        var finalizers = after["metadata"]!["finalizers"]?.AsArray().Select(f => (string)f!) ?? [];
        if (live.Metadata.IsTerminating && finalizers.Except(live.Finalizers, StringComparer.Ordinal).ToList() is { Count: > 0 } added)
            throw incoming.Refuse(
                $"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
                + $"{string.Join(", ", added)}");
        if (ResourceFields.IsSpecChanged(live.Json, after))
            after["metadata"]!["generation"] = live.Metadata.Generation + 1;
        var written = deletion.Write(live, after);
        collector.Run();
        return written.Copy();
    }

    private StoredResource Current(IncomingResource incoming)
    {
        // A write with a uid of a deleted resource is a conflict, as in Kubernetes.
        var live = table.Find(incoming.Id) ?? throw (incoming.Metadata.Uid is null ? NotFound(incoming.Id) : Modified(incoming.Id));
        if (incoming.Metadata.ResourceVersion is not { } version)
            throw incoming.Refuse("metadata.resourceVersion: Invalid value: must be specified for an update");
        return version == live.Metadata.ResourceVersion && (incoming.Metadata.Uid ?? live.Uid) == live.Uid ? live : throw Modified(incoming.Id);
    }

    private Task<T> Locked<T>(Func<T> body, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        try
        {
            lock (gate)
                return Task.FromResult(body());
        }
        catch (ResourceException e)
        {
            return Task.FromException<T>(e);
        }
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ResourceException NotFound(ResourceId id) => new(ResourceError.NotFound, $"{id} not found");

    private static ResourceException Modified(ResourceId id) =>
        new(ResourceError.Conflict,
            $"operation cannot be fulfilled on {id}: the object has been modified; apply your changes to the latest version and try again");
}
