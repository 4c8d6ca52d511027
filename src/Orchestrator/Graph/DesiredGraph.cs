using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// The graph of a Composition's spec: its entries, their dependencies, and the desired spec of each child. There is one for each generation: a node caches
/// its resolved config until an output in it changes, and the result of the last comparison with its child. Without the cache, 500 entries in a chain cost
/// two to four times the processor time (bench: composition-cost). The same facts give the same answer. One caller at a time.
/// </summary>
internal sealed class DesiredGraph
{
    private readonly Dictionary<string, GraphNode> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GraphNode> byChild = new(StringComparer.Ordinal);

    private DesiredGraph(Composition composition, Func<string?, ConfigSchema> schemaOf)
    {
        var entries = new List<GraphNode>();
        foreach (var entry in composition.Spec.Components)
        {
            var node = new GraphNode(entry, ChildName.Of(composition.Metadata.Name, entry.Name), schemaOf(entry.Type));
            // A Composition that became invalid by an edit may have a name twice, and can still be deleted.
            if (!byName.TryAdd(entry.Name, node))
                continue;
            byChild.TryAdd(node.Child, node);
            entries.Add(node);
        }

        Entries = entries;
        Dependencies = new CompositionGraph(composition.Metadata.Name, [.. entries.Select(e => e.Stated)]).Dependencies;
        foreach (var entry in entries)
            entry.Needs = Dependencies.Needs(entry.Name);
        Order = [.. Dependencies.Order.Select(name => byName[name])];
    }

    /// <summary>The entries in the spec's order, each name once.</summary>
    public IReadOnlyList<GraphNode> Entries { get; }

    /// <summary>The dependencies, by entry name.</summary>
    public DependencyGraph Dependencies { get; }

    /// <summary>Every entry after its dependencies; empty if there is a cycle.</summary>
    public IReadOnlyList<GraphNode> Order { get; }

    /// <summary>The graph of a Composition, valid or not.</summary>
    /// <param name="composition">The Composition.</param>
    /// <param name="schemaOf">The schema of a handler's config.</param>
    public static DesiredGraph Of(Composition composition, Func<string?, ConfigSchema> schemaOf) => new(composition, schemaOf);

    /// <summary>The entry of this name, or null.</summary>
    public GraphNode? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The entry of the Component of this name, or null.</summary>
    public GraphNode? OfChild(string child) => byChild.GetValueOrDefault(child);
}
