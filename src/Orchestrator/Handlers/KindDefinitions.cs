using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What decides whether and how the API server serves a kind that is not built in: the kind's definition, and the API of its version.</summary>
internal static class KindDefinitions
{
    private static readonly ResourceType Definition = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    private static readonly ResourceType Api = new("apiregistration.k8s.io", "v1", "APIService");

    /// <summary>
    /// The objects to follow for a kind; none for a built-in one. A definition's name has the kind's plural, which nobody knows before it is served:
    /// every definition of the group is followed. By the process itself: an account that applies needs no right to look at them.
    /// </summary>
    public static IEnumerable<WatchedResource> Of(ResourceType kind)
    {
        if (!kind.Group.Contains('.', StringComparison.Ordinal))
            yield break;
        yield return new(Definition, new(null, $"{WatchedResource.AnyName}.{kind.Group}"));
        yield return new(Api, new(null, $"{kind.Version}.{kind.Group}"));
    }

    /// <summary>Whether one of these is such an object: what it changed may be in force only a moment later.</summary>
    public static bool HasOne(IReadOnlySet<ObjectId>? changed) => changed?.Any(c => c.Type == Definition || c.Type == Api) == true;
}
