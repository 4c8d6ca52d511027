using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Graph;

/// <summary>The Components of one namespace that stand outside any Composition: what such a Component can refer to.</summary>
internal sealed class StandaloneScope
{
    private readonly Dictionary<string, Component> byReferenceName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Component> byObjectName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> bearers = new(StringComparer.Ordinal);

    /// <summary>The scope of a namespace; children of Compositions among the components are left out.</summary>
    public StandaloneScope(IEnumerable<Component> components)
    {
        foreach (var component in components.Where(IsStandalone).OrderBy(c => c.Metadata.Name, StringComparer.Ordinal))
        {
            byObjectName.Add(component.Metadata.Name, component);
            var name = component.ReferenceName();
            byReferenceName.TryAdd(name, component);
            if (!bearers.TryGetValue(name, out var all))
                bearers[name] = all = [];
            all.Add(component.Metadata.Name);
        }
    }

    /// <summary>The reference names, sorted.</summary>
    public IEnumerable<string> Names => byReferenceName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The object names of the components that bear a reference name: more than one where nobody can tell which is meant.</summary>
    public IReadOnlyList<string> Bearers(string referenceName) => bearers.GetValueOrDefault(referenceName, []);

    /// <summary>Whether the Component is no Composition's child.</summary>
    public static bool IsStandalone(Component component) =>
        component.Metadata.Controller() is not { Kind: Composition.KindName, ApiVersion: ApiGroup.ApiVersion };

    /// <summary>The component of this reference name, the first of several; null where there is none.</summary>
    public Component? Named(string referenceName) => byReferenceName.GetValueOrDefault(referenceName);

    /// <summary>The component that <c>dependsOn</c> means, by its reference name or its object name; null where there is none.</summary>
    public Component? Meant(string dependency) => Named(dependency) ?? byObjectName.GetValueOrDefault(dependency);
}
