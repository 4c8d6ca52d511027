using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>
/// The graph of Compositions and Components as a tree: each entry once, below its last dependency, with its other dependencies named. Pure.
/// </summary>
internal sealed class StatusGraph(DateTimeOffset now, bool withNamespace)
{
    private readonly ComponentDetails details = new(now);

    /// <summary>A node for each Composition with its components below, then for each child without its Composition and for each standalone
    /// Component.</summary>
    public IReadOnlyList<StatusNode> Of(IEnumerable<Composition> compositions, IReadOnlyCollection<Component> components)
    {
        var children = components.Where(c => !StandaloneScope.IsStandalone(c)).ToLookup(c => (c.Metadata.Namespace, c.Metadata.Controller()!.Name));
        var present = StatusRow.InOrder(compositions, c => c.Metadata).ToList();
        var known = present.Select(c => (c.Metadata.Namespace, c.Metadata.Name)).ToHashSet();
        return
        [
            .. present.Select(c => Node(c, [.. children[(c.Metadata.Namespace, c.Metadata.Name)]])),
            .. StatusRow.InOrder(children.Where(owned => !known.Contains(owned.Key)).SelectMany(owned => owned), c => c.Metadata)
                .Select(c => With(Node(Name(c.Metadata), c), $"its Composition {c.Metadata.Controller()!.Name} is gone")),
            .. StatusRow.InOrder(components.Where(StandaloneScope.IsStandalone), c => c.Metadata)
                .GroupBy(c => c.Metadata.Namespace, StringComparer.Ordinal)
                .SelectMany(scope => OfScope([.. scope])),
        ];
    }

    private StatusNode Node(Composition composition, IReadOnlyList<Component> children)
    {
        var byName = children.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal);
        var rows = (composition.Status?.Components ?? []).DistinctBy(r => r.Component, StringComparer.Ordinal)
            .ToDictionary(r => r.Component, StringComparer.Ordinal);
        var graph = DesiredGraph.Of(composition, StandardHandlers.SchemaOf);
        var below = Nest(graph.Dependencies, [.. graph.Entries.Select(e => e.Name)], name =>
        {
            var entry = graph.Find(name)!;
            var row = rows.GetValueOrDefault(entry.Child);
            return byName.Remove(entry.Child, out var component)
                ? OfComposition(composition, component, Node(name, component, row))
                : New(name, entry.Entry.Type, null, row?.Phase, row?.Message);
        });
        var leaving =
            from child in byName.Values.OrderBy(c => c.Metadata.Name, StringComparer.Ordinal)
            let name = child.Metadata.Label(ApiGroup.ComponentLabel) ?? child.Metadata.Name
            let node = OfComposition(composition, child, Node(name, child, rows.GetValueOrDefault(child.Metadata.Name)))
            select child.Metadata.IsTerminating ? node : With(node, "is no longer in the Composition");
        return New(Name(composition.Metadata), Composition.KindName, composition.Metadata, composition.Status?.Phase, composition.Status?.Message) with
        {
            Details = details.Of(composition),
            Below = [.. below, .. leaving],
        };
    }

    private IReadOnlyList<StatusNode> OfScope(IReadOnlyList<Component> scope)
    {
        var byName = scope.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal);
        return Nest(new StandaloneScope(scope).Dependencies(StandardHandlers.SchemaOf), [.. byName.Keys], name => Alone(byName[name]));
    }

    // A Component with a Composition's labels and no owner is not deleted: it comes from a restore without owner references, or from --cascade=orphan.
    private StatusNode Alone(Component component)
    {
        var (metadata, node) = (component.Metadata, Node(Name(component.Metadata), component));
        return metadata.Label(ApiGroup.CompositionLabel) is not { } made || metadata.IsTerminating
            ? node
            : With(node, $"has no owner; it was created for Composition {made}: to delete it, "
                + $"kubectl delete component {metadata.Name} -n {metadata.Namespace}");
    }

    // The Composition adopts it, or Kubernetes' garbage collector deletes it, whichever comes first.
    private static StatusNode OfComposition(Composition composition, Component component, StatusNode node) =>
        component.Metadata.Controller()!.Uid == composition.Metadata.Uid ? node : With(node, "its owner is an earlier Composition of this name");

    private static StatusNode With(StatusNode node, string detail) => node with { Details = [detail, .. node.Details] };

    // A cycle has no order: each of its entries is shown on its own, as none can become Ready.
    private static IReadOnlyList<StatusNode> Nest(DependencyGraph graph, IReadOnlyList<string> names, Func<string, StatusNode> node)
    {
        if (graph.Order.Count == 0)
            return [.. names.Select(node)];
        var rank = graph.Order.Select((name, at) => (name, at)).ToDictionary(n => n.name, n => n.at, StringComparer.Ordinal);
        var below = names.ToLookup(name => graph.Needs(name).MaxBy(need => rank[need]) ?? "", StringComparer.Ordinal);

        // In reverse order each node finds its finished dependents: a chain may be long, so this does not recurse.
        var nodes = new Dictionary<string, StatusNode>(StringComparer.Ordinal);
        foreach (var name in graph.Order.Reverse())
        {
            var needs = graph.Needs(name);
            var found = node(name);
            nodes[name] = found with
            {
                Details = needs.Count > 1 ? [$"needs {string.Join(", ", needs)}", .. found.Details] : found.Details,
                Below = [.. below[name].Select(n => nodes[n])],
            };
        }

        return [.. below[""].Select(n => nodes[n])];
    }

    // The Composition knows better what blocks a deletion: a dependent, or a finalizer whose owner reports nothing. It also speaks for a child whose
    // own status is empty because no process runs its handler.
    private StatusNode Node(string name, Component component, CompositionRow? row = null)
    {
        var (phase, message) = row?.Message is not null && (component.Metadata.IsTerminating || component.Status?.Message is null)
            ? (row.Phase, row.Message)
            : (component.Status?.Phase, component.Status?.Message);
        return New(name, component.Spec.Handler, component.Metadata, phase, message) with { Details = details.Of(component) };
    }

    private StatusNode New(string name, string kind, ObjectMeta? metadata, string? phase, string? message)
    {
        (phase, message) = StatusRow.Shown(metadata, phase, message);
        return new(name, kind, phase, Age.Of(metadata?.CreationTimestamp, now), message);
    }

    private string Name(ObjectMeta metadata) => withNamespace ? ObjectKey.Of(metadata).ToString() : metadata.Name;
}
