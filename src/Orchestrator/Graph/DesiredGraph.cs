using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Graph;

/// <summary>
/// What a Composition's spec says: its entries, who needs whom, and the spec that each child is to have. Worked out once for each generation; what came
/// of an entry is kept and worked out anew only where an output that it refers to is another, so that a look at a Composition costs little for each
/// entry that did not change. The same facts give the same answer. One caller at a time.
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
            var outlined = new GraphNode(entry, ChildName.Of(composition.Metadata.Name, entry.Name), schemaOf(entry.Type));
            // A Composition that was edited into an invalid one may bear a name twice, and is still to be deleted.
            if (!byName.TryAdd(entry.Name, outlined))
                continue;
            byChild.TryAdd(outlined.Child, outlined);
            entries.Add(outlined);
        }

        Entries = entries;
        var graph = new CompositionGraph(
            composition.Metadata.Name, [.. entries.Select(e => new EntryNeeds(e.Name, e.Entry.DependsOn ?? [], e.References))]).Dependencies;
        foreach (var entry in entries)
            entry.Needs = graph.Needs(entry.Name);
        Order = [.. graph.Order.Select(name => byName[name])];
    }

    /// <summary>The entries in the spec's order, each name once.</summary>
    public IReadOnlyList<GraphNode> Entries { get; }

    /// <summary>Every entry after all that it needs; empty where they go in a circle.</summary>
    public IReadOnlyList<GraphNode> Order { get; }

    /// <summary>The graph of a Composition, a valid one or not.</summary>
    /// <param name="composition">The Composition.</param>
    /// <param name="schemaOf">What is known of a handler's config.</param>
    public static DesiredGraph Of(Composition composition, Func<string?, ConfigSchema> schemaOf) => new(composition, schemaOf);

    /// <summary>The entry of this name, or null.</summary>
    public GraphNode? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The entry that becomes the Component of this name, or null.</summary>
    public GraphNode? OfChild(string child) => byChild.GetValueOrDefault(child);
}

/// <summary>One entry of a <see cref="DesiredGraph"/>.</summary>
internal sealed class GraphNode
{
    private readonly ConfigSchema schema;
    private readonly string[] referred;
    private JsonObject?[] outputs;
    private (ComponentSpec? Spec, Problem? Problem)? resolved;
    private (IReadOnlyList<string> On, string? Cause, string Message)? waiting;
    private (Component Child, ComponentSpec Wanted, bool IsSame, bool IsMarked)? compared;
    private (string Message, CompositionRow Row)? said;

    internal GraphNode(CompositionEntry entry, string child, ConfigSchema schema)
    {
        (Entry, Child, this.schema) = (entry, child, schema);
        References = ConfigReferences.Find(entry.Config, schema);
        referred = [.. References.Select(r => r.Reference.Component).Distinct(StringComparer.Ordinal)];
        outputs = new JsonObject?[referred.Length];
    }

    /// <summary>The entry as written.</summary>
    public CompositionEntry Entry { get; }

    /// <summary>Its name.</summary>
    public string Name => Entry.Name;

    /// <summary>The name of the Component that it becomes.</summary>
    public string Child { get; }

    /// <summary>The references in its config.</summary>
    public IReadOnlyList<PlacedReference> References { get; }

    /// <summary>The entries that it needs, sorted.</summary>
    public IReadOnlyList<string> Needs { get; internal set; } = [];

    /// <summary>The spec that the child is to have, or the first thing that is wrong with a reference.</summary>
    /// <param name="outputsOf">The outputs of an entry that this one needs, all of which are Ready; the same object as long as they are the same.</param>
    public (ComponentSpec? Spec, Problem? Problem) Resolve(Func<string, JsonObject?> outputsOf)
    {
        JsonObject?[] now = referred.Length == 0 ? outputs : [.. referred.Select(outputsOf)];
        if (resolved is { } known && now.AsSpan().SequenceEqual(outputs, ReferenceEqualityComparer.Instance))
            return known;
        var problems = new List<Problem>();
        var config = ConfigReferences.Resolve(Entry.Config ?? [], name => outputsOf(name) ?? [], problems, schema);
        outputs = now;
        resolved = problems.Count > 0 ? (null, problems[0].Under("config")) : (SpecWith(config), null);
        return resolved.Value;
    }

    /// <summary>Which of the entries that it needs it waits for, and what is said of that.</summary>
    /// <param name="settled">The entries that nobody has to wait for.</param>
    /// <param name="cause">The failed entry that the wait comes down to, if any.</param>
    public (IReadOnlyList<string> On, string Message) Waiting(IReadOnlySet<string> settled, string? cause)
    {
        var count = Needs.Count(need => !settled.Contains(need));
        if (waiting is { } known && known.Cause == cause && known.On.Count == count && !known.On.Any(settled.Contains))
            return (known.On, known.Message);
        IReadOnlyList<string> on = [.. Needs.Where(need => !settled.Contains(need))];
        // One that it waits for itself says why in its own row.
        var because = cause is null || on.Contains(cause, StringComparer.Ordinal) ? "" : $": {cause} failed";
        waiting = (on, cause, $"waits for {string.Join(", ", on)}{because}");
        return (on, waiting.Value.Message);
    }

    /// <summary>Whether a child's spec says what it is to say, and whether the child is marked as this entry's.</summary>
    public (bool IsSame, bool IsMarked) Compare(Component child, ComponentSpec wanted, Func<Component, string, bool> isMarked)
    {
        if (compared is not { } last || !ReferenceEquals(last.Child, child) || !ReferenceEquals(last.Wanted, wanted))
        {
            var isSame = JsonNode.DeepEquals(ApiJson.ToJson(child.Spec, ApiJson.Default.ComponentSpec), ApiJson.ToJson(wanted, ApiJson.Default.ComponentSpec));
            compared = last = (child, wanted, isSame, isMarked(child, Name));
        }

        return (last.IsSame, last.IsMarked);
    }

    /// <summary>Its row, where this was the last that was said of it; null otherwise.</summary>
    public CompositionRow? Said(string phase, string message) => said is { } last && last.Row.Phase == phase && last.Message == message ? last.Row : null;

    /// <summary>Keeps what is said of it, which a row may have shortened.</summary>
    public CompositionRow Say(string message, CompositionRow row)
    {
        said = (message, row);
        return row;
    }

    private ComponentSpec SpecWith(JsonObject config) => new()
    {
        Handler = Entry.Type,
        Name = Name,
        DependsOn = Needs.Count > 0 ? Needs : null,
        Config = config,
        DeploymentTimeout = Entry.DeploymentTimeout,
        TerminationTimeout = Entry.TerminationTimeout,
    };
}
