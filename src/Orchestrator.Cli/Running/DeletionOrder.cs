using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The order in which standalone Components are deleted: what one refers to still exists when its secret's name is worked out. Pure.</summary>
internal static class DeletionOrder
{
    /// <summary>The standalone Components, dependents first; those in a cycle, which were never Ready, last.</summary>
    public static IReadOnlyList<Component> Of(IEnumerable<Component> components) =>
    [
        .. components.Where(StandaloneScope.IsStandalone)
            .GroupBy(c => c.Metadata.Namespace, StringComparer.Ordinal)
            .OrderBy(scope => scope.Key, StringComparer.Ordinal)
            .SelectMany(scope => InScope([.. scope])),
    ];

    private static IEnumerable<Component> InScope(IReadOnlyList<Component> scope)
    {
        var byName = scope.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal);
        return new StandaloneScope(scope).Dependencies(StandardHandlers.SchemaOf).Order.Reverse().Select(name => byName[name]).Concat(scope).Distinct();
    }
}
