using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>What one watch covers.</summary>
/// <param name="Type">The kind.</param>
/// <param name="Namespace">The namespace; null for a cluster-scoped kind.</param>
/// <param name="Name">The one name; null for all.</param>
/// <param name="As">Who watches; null for ourselves.</param>
internal readonly record struct WatchScope(ResourceType Type, string? Namespace, string? Name, ServiceAccount? As)
{
    /// <summary>The scope in which a resource is followed: with all of its kind, but for those that may be large or are none of our business.</summary>
    public static WatchScope Of(WatchedResource resource)
    {
        var all = new WatchScope(resource.Type, resource.Key.Namespace, null, resource.As);
        return HasLargeObjects(resource.Type) && !IsWildcard(resource.Key) ? all.ByName(resource.Key) : all;
    }

    /// <summary>The scope of one object of this one.</summary>
    public WatchScope ByName(ObjectKey key) => this with { Name = key.Name };

    /// <summary>Whether the key stands for several names.</summary>
    public static bool IsWildcard(ObjectKey key) => key.Name.StartsWith(WatchedResource.AnyName, StringComparison.Ordinal);

    /// <summary>Whether a key that stands for several names stands for this one, too.</summary>
    public static bool Matches(ObjectKey wildcard, ObjectKey key) =>
        wildcard.Namespace == key.Namespace && key.Name.EndsWith(wildcard.Name[WatchedResource.AnyName.Length..], StringComparison.Ordinal);

    // A server reads objects whole before it leaves all but their metadata out: hundreds of megabytes of ConfigMaps for one that is followed.
    private static bool HasLargeObjects(ResourceType type) => type is { Group: "", Kind: "ConfigMap" or "Secret" };
}
