using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>The scope of one watch.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Namespace">The namespace; null for a cluster-scoped kind.</param>
/// <param name="Name">The only name; null for all.</param>
/// <param name="As">The account that watches; null for the operator itself.</param>
internal readonly record struct WatchScope(ResourceType Type, string? Namespace, string? Name, ServiceAccount? As)
{
    /// <summary>The scope for following a resource: all of its kind, except for kinds that may be large or that we should not read as a whole.</summary>
    public static WatchScope Of(WatchedResource resource)
    {
        var all = new WatchScope(resource.Type, resource.Key.Namespace, null, resource.As);
        return HasLargeObjects(resource.Type) && !IsWildcard(resource.Key) ? all.ByName(resource.Key) : all;
    }

    /// <summary>The scope of a single object of this one.</summary>
    public WatchScope ByName(ObjectKey key) => this with { Name = key.Name };

    /// <summary>Whether the key is a pattern for several names.</summary>
    public static bool IsWildcard(ObjectKey key) => key.Name.StartsWith(WatchedResource.AnyName, StringComparison.Ordinal);

    /// <summary>Whether a pattern matches a key.</summary>
    public static bool Matches(ObjectKey wildcard, ObjectKey key) =>
        wildcard.Namespace == key.Namespace && key.Name.EndsWith(wildcard.Name[WatchedResource.AnyName.Length..], StringComparison.Ordinal);

    // A server reads whole objects before it strips all but their metadata: hundreds of megabytes of ConfigMaps to follow a single one.
    private static bool HasLargeObjects(ResourceType type) => type is { Group: "", Kind: "ConfigMap" or "Secret" };
}
