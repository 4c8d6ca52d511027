using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Which standalone Components depend on which others, so that a change wakes the dependents.</summary>
/// <param name="schemaOf">The schema of a handler's config.</param>
internal sealed class DependentsIndex(Func<string?, ConfigSchema> schemaOf)
{
    private readonly KeyIndex<(string? Namespace, string Name)> waiting = new();

    /// <summary>Records the dependencies of a Component; null once it is gone.</summary>
    public void Set(ObjectKey key, Component? component)
    {
        var names = component is not null && StandaloneScope.IsStandalone(component) ? StandaloneScope.NamesIn(component, schemaOf) : [];
        waiting.Set(key, [.. names.Select(name => (key.Namespace, name))]);
    }

    /// <summary>The Components that refer to this one by either of its names.</summary>
    public IReadOnlyCollection<ObjectKey> Of(string? @namespace, string referenceName, string objectName) =>
        [.. waiting.Of((@namespace, referenceName)).Union(waiting.Of((@namespace, objectName)))];
}
