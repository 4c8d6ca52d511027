using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Components;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Compositions;

/// <summary>Decides what a valid Composition needs next: pure. What is done, was read before and is read again after.</summary>
public sealed class CompositionDecision
{
    private readonly Composition composition;
    private readonly Dictionary<string, Component> children;
    private readonly IReadOnlySet<string> taken;
    private readonly Func<string, bool> runsHere;
    private readonly Dictionary<string, CompositionEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> entryOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> settled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CompositionRow> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> waitsOf = new(StringComparer.Ordinal);
    private readonly List<Component> create = [];
    private readonly List<Component> update = [];
    private readonly List<Component> delete = [];
    private readonly DependencyGraph graph;

    private CompositionDecision(
        Composition composition, IReadOnlyList<Component> children, IReadOnlySet<string> taken, Func<string, bool> runsHere)
    {
        (this.composition, this.taken, this.runsHere) = (composition, taken, runsHere);
        this.children = children.ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal);
        // A Composition that was edited into an invalid one may bear a name twice, and is still to be deleted.
        foreach (var entry in composition.Spec.Components)
        {
            entries.TryAdd(entry.Name, entry);
            entryOf.TryAdd(ChildOf(entry.Name), entry.Name);
        }

        graph = new CompositionGraph(composition.Metadata.Name, [.. entries.Values.Select(NeedsOf)]).Dependencies;
    }

    /// <summary>Decides.</summary>
    /// <param name="composition">A Composition without problems, or one that is terminating.</param>
    /// <param name="children">Its children as they are.</param>
    /// <param name="taken">Names of Components in the namespace that are nobody's or somebody else's.</param>
    /// <param name="runsHere">Whether this process runs a handler.</param>
    public static CompositionPlan Decide(
        Composition composition, IReadOnlyList<Component> children, IReadOnlySet<string> taken, Func<string, bool> runsHere) =>
        new CompositionDecision(composition, children, taken, runsHere).Decide();

    private CompositionPlan Decide()
    {
        var orphaned = composition.Metadata.HasFinalizer(OrphanFinalizer);
        if (composition.Metadata.IsTerminating)
        {
            if (!orphaned)
                delete.AddRange(children.Values.Where(c => !c.Metadata.IsTerminating));
        }
        else
        {
            foreach (var name in graph.Order)
                rows[name] = Decide(entries[name]);
            delete.AddRange(children.Values.Where(c => !IsWanted(c) && !c.Metadata.IsTerminating));
        }

        var held = Held();
        return new()
        {
            Create = create,
            Update = update,
            Delete = delete,
            Release =
            [
                .. children.Values.Where(c => c.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
                    && (orphaned || (c.Metadata.IsTerminating && !held.Contains(NameOf(c))))),
            ],
            ReleaseComposition = composition.Metadata.IsTerminating && (children.Count == 0 || orphaned),
            Waits = waitsOf,
            Status = CompositionStatusRules.Of(composition, [.. Rows(), .. Leaving()], waitsOf),
        };
    }

    // Set by the API server for `kubectl delete --cascade=orphan`; the garbage collector takes it off once the children are free.
    private const string OrphanFinalizer = "orphan";

    private CompositionRow Decide(CompositionEntry entry)
    {
        var name = ChildOf(entry.Name);
        var child = children.GetValueOrDefault(name);
        if (child is null && taken.Contains(name))
            return Row(entry, Phase.Failed, $"a Component \"{name}\" that is not this Composition's has the name: rename the entry, or delete that Component");
        if (child?.Metadata.IsTerminating == true)
            return Row(entry, TerminatingPhase(child), TerminatingMessage(child) ?? "is deleted, then created anew");
        // Who claimed it counts, so that a spec.handler edited by hand is put right and nothing deleted.
        if (child is not null && (ApiGroup.Claimant(child.Metadata) ?? child.Spec.Handler) is var handler && handler != entry.Type)
        {
            delete.Add(child);
            return Row(entry, Phase.Terminating, $"changes its handler from {handler} to {entry.Type}: is deleted, then created anew");
        }

        var waits = graph.Needs(entry.Name).Where(need => !settled.Contains(need)).ToList();
        if (waits.Count > 0)
        {
            if (child is not null)
                return RowOf(entry, child);
            waitsOf[entry.Name] = waits;
            return Row(entry, Phase.Pending, $"waits for {string.Join(", ", waits)}");
        }

        var problems = new List<Problem>();
        var config = ConfigReferences.Resolve(entry.Config ?? [], Outputs, problems);
        if (problems.Count > 0)
            return Row(entry, Phase.Failed, MessageText.Limit(problems[0].Under("config").ToString()));

        var spec = new ComponentSpec
        {
            Handler = entry.Type,
            Name = entry.Name,
            DependsOn = graph.Needs(entry.Name) is { Count: > 0 } needs ? needs : null,
            Config = config,
            DeploymentTimeout = entry.DeploymentTimeout,
            TerminationTimeout = entry.TerminationTimeout,
        };
        if (child is null)
        {
            create.Add(NewChild(name, entry.Name, spec));
            return Row(entry, Phase.Pending, "");
        }

        var isSame = Same(child.Spec, spec);
        if (!isSame || !IsMarked(child, entry.Name))
            update.Add(child with { Metadata = Marked(child.Metadata, entry.Name), Spec = spec });
        if (!isSame)
            return Row(entry, Phase.Deploying, "has a new config");
        if (child.IsReady())
            settled.Add(entry.Name);
        return RowOf(entry, child);
    }

    private string ChildOf(string entry) => ChildName.Of(composition.Metadata.Name, entry);

    private JsonObject Outputs(string entry) => children[ChildOf(entry)].Status?.ProviderStatus ?? [];

    private bool IsWanted(Component child) => entryOf.ContainsKey(child.Metadata.Name);

    // The name by which other children's dependsOn means it. Labels and spec.name can be edited by hand: they count where the entry is gone.
    private string NameOf(Component child) =>
        entryOf.GetValueOrDefault(child.Metadata.Name) ?? child.Metadata.Label(ApiGroup.ComponentLabel) ?? child.Spec.Name ?? "";

    // The names of children that a child which is to go before them still needs. One that stays and goes on needing a child holds nothing: that child
    // was deleted by hand and comes back. Children that all hold each other go in a circle, which only an edit by hand can make: then none is held.
    private HashSet<string> Held()
    {
        var held = children.Values
            .SelectMany(dependent => (dependent.Spec.DependsOn ?? []).Where(name => !StaysWith(dependent, name)))
            .ToHashSet(StringComparer.Ordinal);
        return children.Values.All(child => held.Contains(NameOf(child))) ? [] : held;
    }

    private bool StaysWith(Component dependent, string name) =>
        !composition.Metadata.IsTerminating && !dependent.Metadata.IsTerminating && IsWanted(dependent)
        && entries.ContainsKey(name) && entries.ContainsKey(NameOf(dependent)) && graph.Needs(NameOf(dependent)).Contains(name, StringComparer.Ordinal);

    private static bool IsMarked(Component child, string entry) =>
        child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer) && child.Metadata.Label(ApiGroup.ComponentLabel) == entry
        && child.Metadata.Label(ApiGroup.CompositionLabel) == child.Metadata.Controller()?.Name;

    private ObjectMeta Marked(ObjectMeta metadata, string entry) => metadata with
    {
        Labels = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [ApiGroup.CompositionLabel] = composition.Metadata.Name,
            [ApiGroup.ComponentLabel] = entry,
        },
        Finalizers = metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
            ? metadata.Finalizers
            : [.. metadata.Finalizers ?? [], ApiGroup.CoordinationFinalizer],
    };

    private Component NewChild(string name, string entry, ComponentSpec spec) => new()
    {
        Metadata = Marked(
            new()
            {
                Name = name,
                Namespace = composition.Metadata.Namespace,
                OwnerReferences =
                [
                    new()
                    {
                        ApiVersion = ApiGroup.ApiVersion,
                        Kind = Composition.KindName,
                        Name = composition.Metadata.Name,
                        Uid = composition.Metadata.Uid!,
                        Controller = true,
                        BlockOwnerDeletion = true,
                    },
                ],
            },
            entry),
        Spec = spec,
    };

    // While the Composition goes, what was never created or is gone has no row.
    private IEnumerable<CompositionRow> Rows() => composition.Metadata.IsTerminating
        ? from entry in entries.Values
          let child = children.GetValueOrDefault(ChildOf(entry.Name))
          where child is not null
          select Row(entry, TerminatingPhase(child), TerminatingMessage(child) ?? "")
        : entries.Values.Select(entry => rows[entry.Name]);

    private CompositionRow RowOf(CompositionEntry entry, Component child)
    {
        var current = child.Status?.ObservedGeneration == child.Metadata.Generation ? child.Status : null;
        if (current?.Phase is null && !runsHere(entry.Type) && !IsClaimed(child))
            return Row(entry, Phase.Pending, $"no handler {entry.Type} is running here");
        return Row(entry, current?.Phase ?? (child.Status?.Phase is null ? Phase.Pending : Phase.Deploying), current?.Message ?? "");
    }

    // What the status said before the deletion is no news of the deletion.
    private static string TerminatingPhase(Component child) =>
        child.Status?.Phase == Phase.TerminationFailed ? Phase.TerminationFailed : Phase.Terminating;

    private static string? TerminatingMessage(Component child) =>
        child.Status?.Phase is Phase.Terminating or Phase.TerminationFailed ? child.Status.Message : null;

    private static bool IsClaimed(Component child) => ApiGroup.Claimant(child.Metadata) is not null;

    // Children whose entry is gone from the spec, while they are.
    private IEnumerable<CompositionRow> Leaving() => children.Values
        .Where(c => !IsWanted(c))
        .OrderBy(c => c.Metadata.Name, StringComparer.Ordinal)
        .Select(c => new CompositionRow
        {
            Name = c.Spec.Name ?? c.Metadata.Name,
            Component = c.Metadata.Name,
            Type = c.Spec.Handler,
            Phase = TerminatingPhase(c),
            Message = TerminatingMessage(c) ?? "is no longer in the Composition",
        });

    private CompositionRow Row(CompositionEntry entry, string phase, string message) => new()
    {
        Name = entry.Name,
        Component = ChildOf(entry.Name),
        Type = entry.Type,
        Phase = phase,
        Message = message.Length == 0 ? null : message,
    };

    private static EntryNeeds NeedsOf(CompositionEntry entry) =>
        new(entry.Name, entry.DependsOn ?? [], ConfigReferences.Find(entry.Config ?? [], new List<Problem>()));

    private static bool Same(ComponentSpec one, ComponentSpec other) =>
        JsonNode.DeepEquals(ApiJson.ToJson(one, ApiJson.Default.ComponentSpec), ApiJson.ToJson(other, ApiJson.Default.ComponentSpec));
}
