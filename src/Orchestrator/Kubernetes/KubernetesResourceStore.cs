using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// The resources of a real cluster, of any kind that its API server serves. Thread-safe. It caches no resource, only the served kinds and one connection, and
/// retries nothing but a request whose credentials or kinds were out of date: callers have their own backoff.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/. Kubernetes 1.20 or later.</remarks>
internal sealed class KubernetesResourceStore : IResourceStore, IDisposable
{
    private readonly KubernetesStoreOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly ApiServer api;
    private readonly Discovery discovery;
    private readonly ServiceAccount? account;
    private readonly KubernetesFeed feed;

    /// <summary>Opens a store on the cluster; nothing is sent yet. Invalid if the kubeconfig cannot be read.</summary>
    public KubernetesResourceStore(ClusterAccess access, TimeProvider time, ILogger logger, KubernetesStoreOptions? options = null)
    {
        this.options = options ?? new();
        (this.time, this.logger) = (time, logger);
        api = new(access, this.options, time);
        discovery = new(api);
        feed = new(api, discovery, this.options, time, logger, account: null);
    }

    private KubernetesResourceStore(KubernetesResourceStore original, ServiceAccount account)
    {
        (options, time, logger, api, discovery) = (original.options, original.time, original.logger, original.api, original.discovery);
        this.account = account;
        feed = new(api, discovery, options, time, logger, account);
    }

    /// <inheritdoc/>
    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await discovery.OnServed(type, kind => Send(new(HttpMethod.Get, kind.Item(key)), cancellation), cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) => feed.List(type, @namespace, cancellation);

    /// <inheritdoc/>
    public Task<ResourceList<T>> List<T>(ResourceType type, string? @namespace, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class => feed.List(type, @namespace, read, cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Create(JsonObject resource, CancellationToken cancellation) =>
        Write(resource, (kind, key) => new(HttpMethod.Post, kind.CollectionOf(key), resource), cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Replace(JsonObject resource, CancellationToken cancellation) =>
        Write(resource, (kind, key) => new(HttpMethod.Put, kind.Item(key), Versioned(resource)), cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceStatus(JsonObject resource, CancellationToken cancellation) =>
        Write(resource, (kind, key) => new(HttpMethod.Put, $"{kind.Item(key)}/status", Versioned(resource)), cancellation);

    /// <inheritdoc/>
    public Task<JsonObject> Apply(JsonObject resource, ApplyOptions options, CancellationToken cancellation)
    {
        var query =
            $"?fieldManager={Uri.EscapeDataString(options.FieldManager)}&force={(options.Force ? "true" : "false")}{(options.DryRun ? "&dryRun=All" : "")}";
        return Write(
            resource,
            (kind, key) => new(HttpMethod.Patch, kind.Item(key) + query, kind.HasStatus ? WithoutStatus(resource) : resource, "application/apply-patch+yaml"),
            cancellation);
    }

    /// <inheritdoc/>
    public Task Delete(ResourceType type, ObjectKey key, DeleteOptions options, CancellationToken cancellation)
    {
        var preconditions = new JsonObject();
        if (options.Uid is not null)
            preconditions["uid"] = options.Uid;
        if (options.ResourceVersion is not null)
            preconditions["resourceVersion"] = options.ResourceVersion;
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = options.Propagation.ToString(),
            ["preconditions"] = preconditions,
        };
        return discovery.OnServed(type, kind => Send(new(HttpMethod.Delete, kind.Item(key), body), cancellation), cancellation);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation) =>
        feed.Watch(type, @namespace, resourceVersion, cancellation);

    /// <inheritdoc/>
    public IResourceFeed Named(string name) => feed.Named(name);

    /// <inheritdoc/>
    public IResourceFeed MetadataOf(string? name) => feed.MetadataOf(name);

    /// <inheritdoc/>
    public async Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => (await discovery.Find(type, cancellation)).IsNamespaced;

    /// <inheritdoc/>
    /// <remarks>Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access. Every authenticated user may call
    /// it.</remarks>
    public Task<MissingRights> MissingRights(
        ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) => discovery.OnServed(
        type,
        async kind =>
        {
            var missing = new List<string>();
            foreach (var verb in verbs)
            {
                if (!await May(kind, key, verb, cancellation))
                    missing.Add(verb);
            }

            return new MissingRights(type.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{type.Group}", missing);
        },
        cancellation);

    /// <inheritdoc/>
    /// <remarks>It shares the connection and the discovery cache.</remarks>
    public IResourceStore As(ServiceAccount account) => new KubernetesResourceStore(this, account);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (account is null)
            api.Dispose();
    }

    private Task<JsonObject> Send(ApiCall call, CancellationToken cancellation) => api.Send(call with { As = account }, cancellation);

    private async Task<bool> May(ServedKind kind, ObjectKey key, string verb, CancellationToken cancellation)
    {
        var asked = new JsonObject { ["verb"] = verb, ["group"] = kind.Type.Group, ["resource"] = kind.Plural };
        if (key.Namespace is not null)
            asked["namespace"] = key.Namespace;

        // A role can grant these for single names; a list and a watch of one name need no more.
        if (verb != "create")
            asked["name"] = key.Name;
        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = asked },
        };
        var answer = await Send(new(HttpMethod.Post, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review), cancellation);
        return answer["status"]?["allowed"] is JsonValue allowed && allowed.TryGetValue<bool>(out var may) && may;
    }

    private async Task<JsonObject> Write(JsonObject resource, Func<ServedKind, ObjectKey, ApiCall> call, CancellationToken cancellation)
    {
        if ((string?)(resource["metadata"] as JsonObject)?["name"] is not { Length: > 0 })
            throw Invalid("metadata.name: Required value: name is required");
        var key = ObjectKey.Of(resource);
        return await discovery.OnServed(ResourceType.Of(resource), kind => Send(call(kind, key), cancellation), cancellation);
    }

    // Some kinds accept a write without a version, which overwrites other changes.
    private static JsonObject Versioned(JsonObject resource) => (string?)resource["metadata"]!["resourceVersion"] is { Length: > 0 }
        ? resource
        : throw Invalid("metadata.resourceVersion: Invalid value: must be specified for an update");

    // Before 1.22 a server ignores status in an apply, and yet makes the applier its manager, or reports a conflict with another one.
    private static JsonObject WithoutStatus(JsonObject resource)
    {
        var rest = (JsonObject)resource.DeepClone();
        rest.Remove("status");
        return rest;
    }

    private static ResourceException Invalid(string problem) => new(ResourceError.Invalid, $"the resource is invalid: {problem}", [problem]);
}
