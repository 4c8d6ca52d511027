using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The objects that decide whether and how the API server serves a custom kind: its definition and the APIService of its version.</summary>
internal static class KindDefinitions
{
    private static readonly ResourceType Api = new("apiregistration.k8s.io", "v1", "APIService");

    /// <summary>
    /// The objects to watch for a kind; none for a built-in one. A definition's name contains the kind's plural, which is unknown until the kind is served,
    /// so every definition of the group is watched. The operator watches them itself: the account that applies needs no right to read them.
    /// </summary>
    public static IEnumerable<WatchedResource> Of(ResourceType kind)
    {
        if (!kind.Group.Contains('.', StringComparison.Ordinal))
            yield break;
        yield return new(ResourceScope.Definition, new(null, $"{WatchedResource.AnyName}.{kind.Group}"));
        yield return new(Api, new(null, $"{kind.Version}.{kind.Group}"));
    }

    /// <summary>Whether one of these is such an object: its change may take effect a moment later.</summary>
    public static bool HasOne(IReadOnlySet<ObjectId>? changed) => changed?.Any(c => c.Type == ResourceScope.Definition || c.Type == Api) == true;
}
