using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>The part of a store that an informer needs: lists and watches.</summary>
internal interface IResourceFeed
{
    /// <summary>All resources of the type, in one namespace or (null) in all, with the version to watch from.</summary>
    Task<ResourceList> List(ResourceType type, string? @namespace, CancellationToken cancellation);

    /// <summary>The same, but only the result of <paramref name="read"/> is kept of each resource: the resources need not fit into memory together.</summary>
    async Task<ResourceList<T>> List<T>(ResourceType type, string? @namespace, Func<JsonObject, T> read, CancellationToken cancellation)
        where T : class
    {
        var list = await List(type, @namespace, cancellation);
        return new([.. list.Items.Select(read)], list.ResourceVersion);
    }

    /// <summary>
    /// Every change after <paramref name="resourceVersion"/>, in order, until cancelled. Ends when the connection ends: watch again from the last version
    /// seen. Expired if that version is too old to resume from, or if the store has not reached it because it was restored from a backup: list again.
    /// </summary>
    IAsyncEnumerable<WatchEvent> Watch(ResourceType type, string? @namespace, string resourceVersion, CancellationToken cancellation);
}
