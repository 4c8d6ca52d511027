using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>Lists and watches of an API server. A list is read resource by resource, so that it need not fit into memory.</summary>
/// <param name="api">The API server.</param>
/// <param name="discovery">The served kinds.</param>
/// <param name="options">The timeouts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs watches that break.</param>
/// <param name="account">The account to impersonate; null for the operator itself.</param>
/// <param name="onlyMetadata">Whether to request metadata only.</param>
/// <param name="name">The only name to request; null for all.</param>
/// <remarks>Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches, and its section on chunks.</remarks>
internal sealed class KubernetesFeed(
    ApiServer api, Discovery discovery, KubernetesStoreOptions options, TimeProvider time, ILogger logger, ServiceAccount? account,
    bool onlyMetadata = false, string? name = null) : IResourceFeed
{
    // A server that cannot strip the rest, as an aggregated one may be, sends whole objects.
    private const string MetadataOfList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json";
    private const string MetadataOfEach = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json";

    /// <summary>The resources of one name.</summary>
    public KubernetesFeed Named(string name) => new(api, discovery, options, time, logger, account, onlyMetadata: false, name);

    /// <summary>Metadata only, of one name or (null) of all.</summary>
    public KubernetesFeed MetadataOf(string? name) => new(api, discovery, options, time, logger, account, onlyMetadata: true, name);

    /// <inheritdoc/>
    public async Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation)
    {
        var list = await List(type, @namespace, resource => resource, cancellation);
        return new(list.Items, list.ResourceVersion);
    }

    /// <inheritdoc/>
    /// <remarks>In pages of one snapshot; if that expires in between, all at once.</remarks>
    public Task<ResourceList<T>> List<T>(ResourceType type, string? @namespace, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class => discovery.OnServed(
        type,
        async kind =>
        {
            try
            {
                return await Pages(kind, @namespace, string.Create(CultureInfo.InvariantCulture, $"limit={options.PageSize}"), read, cancellation);
            }
            catch (ResourceException e) when (e.Error == ResourceError.Expired)
            {
                return await Pages(kind, @namespace, "", read, cancellation);
            }
        },
        cancellation);

    /// <inheritdoc/>
    /// <remarks>
    /// It has bookmarks, and ends when the server ends it (after <see cref="KubernetesStoreOptions.WatchTimeout"/>), when the connection breaks, and when it
    /// stalls.
    /// </remarks>
    public async IAsyncEnumerable<WatchEvent> Watch(
        ResourceType type, string? @namespace, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
            + $"&timeoutSeconds={options.WatchTimeout.TotalSeconds:0}");
        var (call, response) = await discovery.OnServed(
            type,
            async kind =>
            {
                await RequireVersion(kind, @namespace, resourceVersion, cancellation);
                var call = Call(kind, @namespace, query, onlyMetadata ? MetadataOfEach : ApiCall.Json);
                return (call, await api.Open(call, cancellation));
            },
            cancellation);
        using (response)
        {
            await foreach (var happened in new WatchStream(call, options, time, logger).Read(response, cancellation))
                yield return happened;
        }
    }

    private async Task<ResourceList<T>> Pages<T>(
        ServedKind kind, string? @namespace, string query, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class
    {
        var found = new List<T>();
        for (var more = query; ;)
        {
            var metadata = await api.Receive(
                Call(kind, @namespace, more, onlyMetadata ? MetadataOfList : ApiCall.Json),
                (body, stop) => ListStream.Read(body, item => found.Add(read(Typed(item, kind.Type))), stop),
                cancellation);
            if ((string?)metadata["continue"] is not { Length: > 0 } next)
                return new(found, (string?)metadata["resourceVersion"] ?? "");
            more = $"{query}&continue={Uri.EscapeDataString(next)}";
        }
    }

    // A server restored from a backup has not reached that version yet, and would send nothing until it does: ask for its version. The answer has one
    // resource, of which the metadata is enough.
    private async Task RequireVersion(ServedKind kind, string? @namespace, string resourceVersion, CancellationToken cancellation)
    {
        var now = await api.Send(Call(kind, @namespace, "limit=1", MetadataOfList), cancellation);
        if (ResourceVersion.IsOlder(ResourceVersion.Of(now), resourceVersion))
            throw new ResourceException(ResourceError.Expired,
                $"the server is at version {ResourceVersion.Of(now)}, before {resourceVersion}: it was restored from a backup");
    }

    private ApiCall Call(ServedKind kind, string? @namespace, string query, string accept)
    {
        var selector = name is null ? "" : $"fieldSelector={Uri.EscapeDataString($"metadata.name={name}")}";
        var all = string.Join('&', new[] { query, selector }.Where(part => part.Length > 0));
        return new(
            HttpMethod.Get, $"{kind.Collection(@namespace)}{(all.Length == 0 ? "" : "?")}{all}", As: account, Accept: accept);
    }

    // The items of a list of a built-in kind have no apiVersion and kind.
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
