using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>
/// One line about a Composition or a Component, which may not exist yet: its name, with its namespace if there are several, its handler (for a Composition
/// its kind), and its status.
/// </summary>
internal sealed record StatusRow(ResourceType Type, ObjectKey Key, string Name, string Handler, string Phase, string Message)
{
    /// <summary>Identifies a row.</summary>
    public (ResourceType Type, ObjectKey Key) Id => (Type, Key);

    /// <summary>Whether the other row shows the same of the same object, with or without its namespace.</summary>
    public bool HasSameStatusAs(StatusRow? other) => other is not null && this with { Name = other.Name } == other;

    public bool IsComposition => Type == ResourceType.Composition;

    /// <summary>
    /// A row for each Composition, each followed by its entries in the order of the spec, and then for each standalone Component, by name. An entry that has
    /// no Component yet has the phase that the Composition gives it. A row also shows that a Component's handler does not run here.
    /// </summary>
    public static IReadOnlyList<StatusRow> Of(IReadOnlyList<Composition> compositions, IReadOnlyList<Component> components, Func<string, bool> runsHere)
    {
        var namespaces = compositions.Select(c => c.Metadata.Namespace).Concat(components.Select(c => c.Metadata.Namespace));
        var withNamespace = namespaces.Distinct(StringComparer.Ordinal).Count() > 1;
        var left = components.ToDictionary(c => ObjectKey.Of(c.Metadata));
        var rows = new List<StatusRow>();
        foreach (var composition in InOrder(compositions, c => c.Metadata))
        {
            var (metadata, status) = (composition.Metadata, composition.Status);
            rows.Add(Row(ResourceType.Composition, ObjectKey.Of(metadata), Composition.KindName, metadata, status?.Phase, status?.Message));
            foreach (var entry in Entries(composition))
            {
                var key = new ObjectKey(metadata.Namespace, entry.Component);
                rows.Add(left.Remove(key, out var component)
                    ? OfComponent(component, entry) : Row(ResourceType.Component, key, entry.Type, null, entry.Phase, entry.Message));
            }
        }

        rows.AddRange(InOrder(left.Values, c => c.Metadata).Select(c => OfComponent(c, null)));
        return rows;

        // The Composition knows more about what blocks a deletion: a dependent, or a finalizer whose owner reports nothing.
        StatusRow OfComponent(Component component, CompositionRow? entry)
        {
            var (phase, message) = component.Metadata.IsTerminating && entry?.Message is not null ? (entry.Phase, entry.Message)
                : component.Status is null && !runsHere(component.Spec.Handler) ? (null, $"no handler {component.Spec.Handler} is running here")
                : (component.Status?.Phase, component.Status?.Message);
            return Row(ResourceType.Component, ObjectKey.Of(component.Metadata), component.Spec.Handler, component.Metadata, phase, message);
        }

        StatusRow Row(ResourceType type, ObjectKey key, string handler, ObjectMeta? metadata, string? phase, string? message)
        {
            (phase, message) = Shown(metadata, phase, message);
            return new(type, key, withNamespace ? key.ToString() : key.Name, handler, phase, message);
        }
    }

    /// <summary>Phase and message for display, on one line. A status from before the deletion does not describe the deletion.</summary>
    public static (string Phase, string Message) Shown(ObjectMeta? metadata, string? phase, string? message) =>
        metadata?.IsTerminating == true && phase is not (Api.Phase.Terminating or Api.Phase.TerminationFailed) ? (Api.Phase.Terminating, "")
        : (phase ?? Api.Phase.Pending, (message ?? "").ReplaceLineEndings(" "));

    /// <summary>Resources by namespace and name.</summary>
    public static IEnumerable<T> InOrder<T>(IEnumerable<T> resources, Func<T, ObjectMeta> metadata) =>
        resources.OrderBy(r => metadata(r).Namespace, StringComparer.Ordinal).ThenBy(r => metadata(r).Name, StringComparer.Ordinal);

    private static IEnumerable<CompositionRow> Entries(Composition composition)
    {
        var known = composition.Status?.Components ?? [];
        return composition.Spec.Components
            .Select(entry => ChildName.Of(composition.Metadata.Name, entry.Name) is var child && known.FirstOrDefault(row => row.Component == child) is { } row
                ? row
                : new CompositionRow { Name = entry.Name, Component = child, Type = entry.Type, Phase = Api.Phase.Pending })
            .Concat(known)
            .DistinctBy(row => row.Component, StringComparer.Ordinal);
    }
}
