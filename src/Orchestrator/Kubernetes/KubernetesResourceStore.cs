using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// The resources of a real cluster, of any kind that its API server serves. Thread-safe; it keeps no resource, only which kinds are served, and one
/// connection. Nothing is tried again here but a request whose credentials or kinds were out of date: callers have their own backoff.
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

    /// <summary>A store on the cluster; nothing is sent yet. Invalid where the kubeconfig or its like cannot be read.</summary>
    public KubernetesResourceStore(ClusterAccess access, TimeProvider time, ILogger logger, KubernetesStoreOptions? options = null)
    {
        this.options = options ?? new();
        (this.time, this.logger) = (time, logger);
        api = new(access, this.options, time);
        discovery = new(api);
    }

    private KubernetesResourceStore(KubernetesResourceStore original, ServiceAccount account)
    {
        (options, time, logger, api, discovery) = (original.options, original.time, original.logger, original.api, original.discovery);
        this.account = account;
    }

    /// <inheritdoc/>
    public async Task<JsonObject?> Get(ResourceType type, ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await OnServed(type, kind => Send(new(HttpMethod.Get, kind.Item(key)), cancellation), cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    /// <remarks>In pages of one and the same snapshot; where that expires meanwhile, all at once.</remarks>
    public Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation) => OnServed(
        type,
        async kind =>
        {
            try
            {
                return await Pages(kind, @namespace, $"?limit={options.PageSize}", cancellation);
            }
            catch (ResourceException e) when (e.Error == ResourceError.Expired)
            {
                return await Pages(kind, @namespace, "", cancellation);
            }
        },
        cancellation);

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
        return OnServed(type, kind => Send(new(HttpMethod.Delete, kind.Item(key), body), cancellation), cancellation);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// It has bookmarks, and ends by itself when the server ends it (after <see cref="KubernetesStoreOptions.WatchTimeout"/>), when the connection breaks,
    /// and when it stalls.
    /// </remarks>
    public async IAsyncEnumerable<WatchEvent> Watch(
        ResourceType type, string? @namespace, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
            + $"&timeoutSeconds={options.WatchTimeout.TotalSeconds:0}");
        var (call, response) = await OnServed(
            type,
            async kind =>
            {
                await Reached(kind, @namespace, resourceVersion, cancellation);
                var call = new ApiCall(HttpMethod.Get, kind.Collection(@namespace) + query, As: account);
                return (call, await api.Open(call, cancellation));
            },
            cancellation);
        using (response)
        {
            await foreach (var happened in new WatchStream(call, options, time, logger).Read(response, cancellation))
                yield return happened;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsNamespaced(ResourceType type, CancellationToken cancellation) => (await discovery.Find(type, cancellation)).IsNamespaced;

    /// <inheritdoc/>
    /// <remarks>Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access. Every authenticated user may call
    /// it.</remarks>
    public Task<MissingRights> MissingRights(ResourceType type, ObjectKey key, IReadOnlyList<string> verbs, CancellationToken cancellation) => OnServed(
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
    /// <remarks>It shares the connection, and what is known of the kinds.</remarks>
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

        // A role can give these for single names.
        if (verb is "get" or "update" or "patch" or "delete")
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

    private async Task<ResourceList> Pages(ServedKind kind, string? @namespace, string query, CancellationToken cancellation)
    {
        var found = new List<JsonObject>();
        for (var more = query; ;)
        {
            var page = await Send(new(HttpMethod.Get, kind.Collection(@namespace) + more), cancellation);
            var items = page["items"] as JsonArray ?? [];
            found.AddRange(items.Select(i => i!.AsObject()));
            // Resources are the caller's own and no longer the page's.
            items.Clear();
            if ((string?)page["metadata"]?["continue"] is not { Length: > 0 } next)
                return new([.. found.Select(r => Typed(r, kind.Type))], (string?)page["metadata"]?["resourceVersion"] ?? "");
            more = $"{query}&continue={Uri.EscapeDataString(next)}";
        }
    }

    // A server that was restored from a backup has not reached that version yet, and would send nothing until it does: ask for its version.
    private async Task Reached(ServedKind kind, string? @namespace, string resourceVersion, CancellationToken cancellation)
    {
        var now = await Send(new(HttpMethod.Get, $"{kind.Collection(@namespace)}?limit=1"), cancellation);
        if (ResourceVersion.IsOlder(ResourceVersion.Of(now), resourceVersion))
            throw new ResourceException(ResourceError.Expired,
                $"the server is at version {ResourceVersion.Of(now)}, before {resourceVersion}: it was restored from a backup");
    }

    private async Task<JsonObject> Write(JsonObject resource, Func<ServedKind, ObjectKey, ApiCall> call, CancellationToken cancellation)
    {
        if ((string?)(resource["metadata"] as JsonObject)?["name"] is not { Length: > 0 })
            throw Invalid("metadata.name: Required value: name is required");
        var key = ObjectKey.Of(resource);
        return await OnServed(ResourceType.Of(resource), kind => Send(call(kind, key), cancellation), cancellation);
    }

    // Some kinds accept a write without a version, which overwrites other changes.
    private static JsonObject Versioned(JsonObject resource) => (string?)resource["metadata"]!["resourceVersion"] is { Length: > 0 }
        ? resource
        : throw Invalid("metadata.resourceVersion: Invalid value: must be specified for an update");

    // Before 1.22 a server leaves status as it is, and yet makes it the applier's, or refuses it as another manager's.
    private static JsonObject WithoutStatus(JsonObject resource)
    {
        var rest = (JsonObject)resource.DeepClone();
        rest.Remove("status");
        return rest;
    }

    // A kind that is no longer where it was may be served elsewhere, or not at all.
    private async Task<T> OnServed<T>(ResourceType type, Func<ServedKind, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(await discovery.Find(type, cancellation));
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotServed)
        {
            discovery.Forget(type);
            return await call(await discovery.Find(type, cancellation));
        }
    }

    private static ResourceException Invalid(string problem) => new(ResourceError.Invalid, $"the resource is invalid: {problem}", [problem]);

    // The items of a list of a built-in kind do not say what they are.
    private static JsonObject Typed(JsonObject resource, ResourceType type)
    {
        if (resource["kind"] is null)
        {
            resource.Insert(0, "apiVersion", type.ApiVersion);
            resource.Insert(1, "kind", type.Kind);
        }

        return resource;
    }
}
