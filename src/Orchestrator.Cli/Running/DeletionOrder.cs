using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>In which order Components outside any Composition go: what one refers to is still there when its secret's name is worked out. Pure.</summary>
internal static class DeletionOrder
{
    /// <summary>The Components of their own, dependents first; those in a cycle, which were never Ready, last.</summary>
    public static IReadOnlyList<Component> Of(IEnumerable<Component> components) =>
    [
        .. components.Where(c => c.Metadata.Controller() is null)
            .GroupBy(c => c.Metadata.Namespace, StringComparer.Ordinal)
            .OrderBy(scope => scope.Key, StringComparer.Ordinal)
            .SelectMany(scope => InScope([.. scope])),
    ];

    private static IEnumerable<Component> InScope(IReadOnlyList<Component> scope)
    {
        var byName = scope.DistinctBy(c => c.ReferenceName(), StringComparer.Ordinal).ToDictionary(c => c.ReferenceName(), StringComparer.Ordinal);
        var graph = new DependencyGraph(byName.Select(c => KeyValuePair.Create(c.Key, Needs(c.Value, scope))));
        return graph.Order.Reverse().Select(name => byName[name]).Concat(scope).Distinct();
    }

    private static IReadOnlyCollection<string> Needs(Component component, IReadOnlyList<Component> scope) =>
    [
        .. ConfigReferences.Find(component.Spec.Config, StandardHandlers.SchemaOf(component.Spec.Handler)).Select(r => r.Reference.Component),
        .. (component.Spec.DependsOn ?? []).Select(d => scope.FirstOrDefault(c => c.Metadata.Name == d)?.ReferenceName() ?? d),
    ];
}
