using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>One line about a Composition or a Component.</summary>
/// <param name="Type">What kind of object it is.</param>
/// <param name="Key">The object, which may not exist yet.</param>
/// <param name="Name">The object's name, with its namespace where there are several.</param>
/// <param name="Handler">The handler; for a Composition its kind.</param>
/// <param name="Phase">One of <see cref="Api.Phase"/>.</param>
/// <param name="Message">What it says, on one line.</param>
internal sealed record StatusRow(ResourceType Type, ObjectKey Key, string Name, string Handler, string Phase, string Message)
{
    /// <summary>Tells a row from all others.</summary>
    public (ResourceType Type, ObjectKey Key) Id => (Type, Key);

    /// <summary>Whether the other row shows the same of the same object, with or without its namespace.</summary>
    public bool SaysTheSameAs(StatusRow? other) => other is not null && this with { Name = other.Name } == other;

    /// <summary>Whether the row is a Composition.</summary>
    public bool IsComposition => Type == ResourceType.Composition;

    /// <summary>
    /// A row for each Composition, each followed by its entries in the order of the spec, and then for each standalone Component, by name.
    /// An entry that has no Component yet has the phase that the Composition gives it.
    /// </summary>
    /// <param name="compositions">The Compositions.</param>
    /// <param name="components">The Components, theirs and others.</param>
    /// <param name="runsHere">Whether this process has a handler of that name.</param>
    public static IReadOnlyList<StatusRow> Of(IReadOnlyList<Composition> compositions, IReadOnlyList<Component> components, Func<string, bool> runsHere)
    {
        var namespaces = compositions.Select(c => c.Metadata.Namespace).Concat(components.Select(c => c.Metadata.Namespace));
        var namer = new Namer(namespaces.Distinct(StringComparer.Ordinal).Count() > 1, runsHere);
        var left = components.ToDictionary(c => ObjectKey.Of(c.Metadata));
        var rows = new List<StatusRow>();
        foreach (var composition in compositions.OrderBy(c => c.Metadata.Namespace, StringComparer.Ordinal)
            .ThenBy(c => c.Metadata.Name, StringComparer.Ordinal))
        {
            rows.Add(namer.Row(composition));
            foreach (var entry in Entries(composition))
            {
                var key = new ObjectKey(composition.Metadata.Namespace, entry.Component);
                rows.Add(left.Remove(key, out var component) ? namer.Row(component, entry) : namer.Row(key, entry));
            }
        }

        rows.AddRange(left.Values.OrderBy(c => c.Metadata.Namespace, StringComparer.Ordinal).ThenBy(c => c.Metadata.Name, StringComparer.Ordinal)
            .Select(c => namer.Row(c)));
        return rows;
    }

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

    private sealed record Namer(bool WithNamespace, Func<string, bool> RunsHere)
    {
        public StatusRow Row(Composition composition) => New(
            ResourceType.Composition, ObjectKey.Of(composition.Metadata), Composition.KindName, composition.Metadata, composition.Status?.Phase,
            composition.Status?.Message);

        // The Composition knows better what blocks a deletion: a dependent, or a finalizer whose owner reports nothing.
        public StatusRow Row(Component component, CompositionRow? entry = null) => New(
            ResourceType.Component,
            ObjectKey.Of(component.Metadata),
            component.Spec.Handler,
            component.Metadata,
            component.Metadata.IsTerminating && entry?.Message is not null ? entry.Phase : component.Status?.Phase,
            component.Metadata.IsTerminating && entry?.Message is { } held ? held
                : component.Status is null && !RunsHere(component.Spec.Handler)
                    ? $"no handler {component.Spec.Handler} is running here" : component.Status?.Message);

        public StatusRow Row(ObjectKey key, CompositionRow entry) => New(ResourceType.Component, key, entry.Type, null, entry.Phase, entry.Message);

        private StatusRow New(ResourceType type, ObjectKey key, string handler, ObjectMeta? metadata, string? phase, string? message)
        {
            if (metadata?.IsTerminating == true && phase != Api.Phase.TerminationFailed)
                (phase, message) = (Api.Phase.Terminating, phase == Api.Phase.Terminating ? message : null);
            return new(type, key, WithNamespace ? key.ToString() : key.Name, handler, phase ?? Api.Phase.Pending, (message ?? "").ReplaceLineEndings(" "));
        }
    }
}
