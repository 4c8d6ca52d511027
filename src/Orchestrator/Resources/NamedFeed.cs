using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>The resources of one name, filtered from a whole feed.</summary>
internal sealed class NamedFeed(IResourceFeed feed, string name) : IResourceFeed
{
    /// <inheritdoc/>
    public async Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation)
    {
        var all = await feed.List(type, @namespace, cancellation);
        return all with { Items = [.. all.Items.Where(IsNamed)] };
    }

    /// <inheritdoc/>
    /// <remarks>A change of another resource still moves the version forward.</remarks>
    public async IAsyncEnumerable<WatchEvent> Watch(
        ResourceType type, string? @namespace, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in feed.Watch(type, @namespace, resourceVersion, cancellation))
            yield return IsNamed(happened.Resource) ? happened : happened with { Type = WatchEventType.Bookmark };
    }

    private bool IsNamed(JsonObject resource) => ObjectKey.Of(resource).Name == name;
}
