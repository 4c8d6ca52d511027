using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>The deletion order of standalone Components: a dependency still exists while its dependents resolve their secrets' names. Pure.</summary>
internal static class DeletionOrder
{
    /// <summary>The standalone Components, dependents first; those in a cycle, which were never Ready, last.</summary>
    public static IReadOnlyList<Component> Of(IEnumerable<Component> components, Func<string?, ConfigSchema> schemaOf) =>
    [
        .. components.Where(StandaloneScope.IsStandalone)
            .GroupBy(c => c.Metadata.Namespace, StringComparer.Ordinal)
            .OrderBy(scope => scope.Key, StringComparer.Ordinal)
            .SelectMany(scope => InScope([.. scope], schemaOf)),
    ];

    private static IEnumerable<Component> InScope(IReadOnlyList<Component> scope, Func<string?, ConfigSchema> schemaOf)
    {
        var byName = scope.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal);
        return new StandaloneScope(scope).Dependencies(schemaOf).Order.Reverse().Select(name => byName[name]).Concat(scope).Distinct();
    }
}
