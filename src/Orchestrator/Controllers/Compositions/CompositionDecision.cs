using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Decides the next steps for a Composition. Pure.</summary>
internal sealed class CompositionDecision
{
    private readonly Composition composition;
    private readonly CompositionFacts facts;
    private readonly ChildDeletionOrder order;
    private readonly CompositionRows rows;
    private readonly RootCauses causes = new();
    private readonly HashSet<string> ready = new(StringComparer.Ordinal);
    private readonly List<Component> create = [];
    private readonly List<Component> update = [];
    private readonly List<Component> delete = [];

    private CompositionDecision(CompositionFacts facts, bool isInvalid)
    {
        (this.facts, composition, order) = (facts, facts.Composition, new(facts, isInvalid));
        rows = new(facts, order);
    }

    /// <summary>Returns the changes that are due now, and the rows to report.</summary>
    public static CompositionChanges Decide(CompositionFacts facts) => new CompositionDecision(facts, isInvalid: false).Decide();

    /// <summary>
    /// Decides for a Composition whose spec is invalid: children that are not terminating are left as they are, terminating ones are released, and the rows
    /// are those of the children.
    /// </summary>
    public static CompositionChanges DecideInvalid(CompositionFacts facts) => new CompositionDecision(facts, isInvalid: true).DecideInvalid();

    private CompositionChanges DecideInvalid()
    {
        AddEditsWhileTerminating();
        AddLabelsAndFinalizers();
        return new()
        {
            Update = update,
            Release = Released(isOrphaned: false),
            Rows = [.. rows.OfInvalid()],
            RecheckAfter = rows.RecheckAfter,
        };
    }

    private CompositionChanges Decide()
    {
        var isTerminating = composition.Metadata.IsTerminating;
        var isOrphaned = composition.Metadata.HasFinalizer(ObjectMeta.OrphanFinalizer);
        var ofEntries = new Dictionary<GraphNode, CompositionRow>();
        foreach (var entry in isTerminating ? [] : facts.Graph.Order)
            causes.Note(entry, ofEntries[entry] = DecideEntry(entry));
        if (!isOrphaned)
        {
            delete.AddRange(facts.Children.Values.Where(c => !c.Metadata.IsTerminating && (isTerminating || facts.Graph.OfChild(c.Metadata.Name) is null)));
            AddEditsWhileTerminating();
            AddLabelsAndFinalizers();
        }

        return new()
        {
            Create = create,
            Update = update,
            Delete = [.. delete.Where(c => !IsUpdated(c))],
            Release = Released(isOrphaned),
            ReleaseComposition = isTerminating && (facts.Children.Count == 0 || isOrphaned),
            Rows = [.. isTerminating ? rows.OfTerminatingEntries() : facts.Graph.Entries.Select(entry => ofEntries[entry]), .. rows.OfRemovedEntries()],
            Waits = rows.Waits,
            RecheckAfter = rows.RecheckAfter,
        };
    }

    private CompositionRow DecideEntry(GraphNode entry)
    {
        var (name, type) = (entry.Child, entry.Entry.Type);
        var child = facts.Children.GetValueOrDefault(name);
        if (child is null && facts.NamesBeingFreed.Contains(name))
            return rows.Of(entry, Phase.Pending, $"waits for the deletion of a Component \"{name}\" that is not this Composition\'s");
        if (child is null && facts.NamesInUse.Contains(name))
            return rows.Of(entry, Phase.Failed,
                $"a Component \"{name}\" that is not this Composition's has the name: rename the entry, or delete that Component");
        if (child?.Metadata.IsTerminating == true)
            return rows.OfTerminating(entry.Name, type, child, "is being deleted, then recreated");
        if (child is not null && child.ManagingHandler() is var handler && handler != type)
        {
            delete.Add(child);
            return rows.Of(entry, Phase.Terminating, $"changes its handler from {handler} to {type}: is being deleted, then recreated");
        }

        if (!entry.Needs.All(ready.Contains))
            return child is null ? rows.OfWaiting(entry, ready, causes.Of(entry)) : rows.OfChild(entry, child);
        var (spec, problem) = entry.Resolve(Outputs);
        if (spec is null)
            return rows.Of(entry, Phase.Failed, problem!.ToString());
        if (child is not null)
            return DecideUpdate(entry, child, spec);
        // ChangesExecutor.Execute creates it.
        create.Add(ChildMetadata.NewChild(composition, entry.Name, spec));
        return rows.Of(entry, Phase.Pending, "");
    }

    private CompositionRow DecideUpdate(GraphNode entry, Component child, ComponentSpec spec)
    {
        if (!entry.IsSpecOf(child, spec))
        {
            update.Add(child with { Metadata = ChildMetadata.WithLabelsAndFinalizer(child.Metadata, composition, entry.Name), Spec = spec });
            return rows.Of(entry, Phase.Deploying, "has a new config");
        }

        if (child.IsReady())
            ready.Add(entry.Name);
        return rows.OfChild(entry, child);
    }

    private JsonObject? Outputs(string entry) => facts.Children[facts.Graph.Find(entry)!.Child].Status?.ProviderStatus;

    // The remedy for a deletion that cannot succeed: an edit that keeps more still reaches a child that is terminating or about to be. No other edit does.
    private void AddEditsWhileTerminating()
    {
        foreach (var child in facts.Children.Values.Where(c => c.Metadata.IsTerminating || composition.Metadata.IsTerminating))
        {
            if (facts.Graph.OfChild(child.Metadata.Name)?.Entry is { } entry && entry.Type == child.ManagingHandler()
                && facts.SchemaOf(entry.Type).EditsWhileTerminating(entry.Config ?? [], child.Spec.Config ?? []) is { } config)
                update.Add(child with { Spec = child.Spec with { Config = config } });
        }
    }

    // Labels and finalizer wait for nothing: without them a restore from a backup does not recognize the child, and its deletion waits for no dependent.
    private void AddLabelsAndFinalizers()
    {
        foreach (var child in facts.Children.Values.Where(c => !c.Metadata.IsTerminating && !composition.Metadata.IsTerminating))
        {
            if (facts.Graph.OfChild(child.Metadata.Name)?.Name is { } entry && !ChildMetadata.HasLabelsAndFinalizer(child, composition, entry)
                && !IsUpdated(child) && !delete.Contains(child))
                update.Add(child with { Metadata = ChildMetadata.WithLabelsAndFinalizer(child.Metadata, composition, entry) });
        }
    }

    // A child updated in this pass is released in the next one, as then observed. With --cascade=orphan every child is released.
    private IReadOnlyList<Component> Released(bool isOrphaned) =>
    [
        .. facts.Children.Values.Where(c => (isOrphaned || (c.Metadata.IsTerminating && order.BlockersOf(c).Count == 0))
            && c.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer) && !IsUpdated(c)),
    ];

    private bool IsUpdated(Component child) => update.Exists(u => u.Metadata.Name == child.Metadata.Name);
}
