using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>The standalone Components of one namespace, which can refer to each other, and their dependencies. Pure.</summary>
internal sealed class StandaloneScope
{
    private readonly Dictionary<string, Component> byReferenceName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Component> byObjectName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> objectNames = new(StringComparer.Ordinal);

    /// <summary>The scope of a namespace; children of Compositions are left out.</summary>
    public StandaloneScope(IEnumerable<Component> components)
    {
        foreach (var component in components.Where(IsStandalone).OrderBy(c => c.Metadata.Name, StringComparer.Ordinal))
        {
            byObjectName.TryAdd(component.Metadata.Name, component);
            var name = component.ReferenceName();
            byReferenceName.TryAdd(name, component);
            if (!objectNames.TryGetValue(name, out var all))
                objectNames[name] = all = [];
            all.Add(component.Metadata.Name);
        }
    }

    /// <summary>The reference names, sorted.</summary>
    public IEnumerable<string> Names => byReferenceName.Keys;

    /// <summary>The object names of the components with a reference name: more than one makes a reference ambiguous.</summary>
    public IReadOnlyList<string> ObjectNames(string referenceName) => objectNames.GetValueOrDefault(referenceName, []);

    /// <summary>Whether the Component is not a Composition's child.</summary>
    public static bool IsStandalone(Component component) =>
        component.Metadata.Controller() is not { Kind: Composition.KindName, ApiVersion: ApiGroup.ApiVersion };

    /// <summary>The component with this reference name, the first of several; null if there is none.</summary>
    public Component? Named(string referenceName) => byReferenceName.GetValueOrDefault(referenceName);

    /// <summary>The component that a <c>dependsOn</c> refers to, by reference name or object name; null if there is none.</summary>
    public Component? Find(string dependency) => Named(dependency) ?? byObjectName.GetValueOrDefault(dependency);

    /// <summary>The reference name of the component with this object name.</summary>
    public string ReferenceNameOf(string objectName) => byObjectName[objectName].ReferenceName();

    /// <summary>The reference and object names in a Component's config and <c>dependsOn</c>.</summary>
    public static IReadOnlyCollection<string> NamesIn(Component component, Func<string?, ConfigSchema> schemaOf) =>
    [
        .. ConfigReferences.Find(component.Spec.Config, schemaOf(component.Spec.Handler)).Select(r => r.Reference.Component),
        .. component.Spec.DependsOn ?? [],
    ];

    /// <summary>The dependencies of a Component that exist in this scope.</summary>
    public IEnumerable<Component> NeedsOf(Component component, Func<string?, ConfigSchema> schemaOf) =>
        NamesIn(component, schemaOf).Select(Find).OfType<Component>();

    /// <summary>The dependencies, by object name: two components may share a reference name.</summary>
    public DependencyGraph Dependencies(Func<string?, ConfigSchema> schemaOf) => new(byObjectName.Values.Select(c =>
        KeyValuePair.Create(c.Metadata.Name, (IReadOnlyCollection<string>)[.. NeedsOf(c, schemaOf).Select(need => need.Metadata.Name)])));

    /// <summary>The shortest cycle through a Component, as reference names; null if there is none. Only its dependencies are read.</summary>
    public IReadOnlyList<string>? CycleThrough(Component component, Func<string?, ConfigSchema> schemaOf) =>
        DependencyGraph.PathBackTo(component.ReferenceName(), name =>
            Named(name) is { } found ? NeedsOf(found, schemaOf).Select(need => need.ReferenceName()) : []);
}
