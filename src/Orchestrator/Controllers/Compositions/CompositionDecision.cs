using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Decides what a valid Composition needs next: pure. What is done, was read before and is read again after.</summary>
internal sealed class CompositionDecision
{
    // Set by the API server for `kubectl delete --cascade=orphan`; the garbage collector takes it off once the children are free.
    internal const string OrphanFinalizer = "orphan";

    // Of all rows together, so that with names at their longest the status of 500 entries stays under 256 KiB.
    private const int MaxMessagesBytes = 100 * 1024;
    private const int MinMessageBytes = 64;

    private static readonly HashSet<string> Nobody = [];

    private readonly Composition composition;
    private readonly DesiredGraph outline;
    private readonly IReadOnlyDictionary<string, Component> children;
    private readonly CompositionFacts facts;
    private readonly HashSet<string> settled;
    private readonly Dictionary<string, CompositionRow> rows;
    private readonly Dictionary<string, IReadOnlyList<string>> waitsOf;
    private readonly RootCauses causes = new();
    private readonly List<Component> create = [];
    private readonly List<Component> update = [];
    private readonly List<Component> delete = [];
    private readonly Dictionary<string, HashSet<string>> holders;
    private readonly ExternalHandlerStatus elsewhere;
    private readonly int maxMessageBytes;
    private readonly bool isHalted;

    private CompositionDecision(CompositionFacts facts, bool isHalted)
    {
        this.isHalted = isHalted;
        (this.facts, composition, outline, children, elsewhere) = (facts, facts.Composition, facts.Outline, facts.Children, new(facts));
        var entries = outline.Entries.Count;
        (settled, rows, waitsOf) = (new(entries, StringComparer.Ordinal), new(entries, StringComparer.Ordinal), new(entries, StringComparer.Ordinal));
        maxMessageBytes = Math.Clamp(MaxMessagesBytes / Math.Max(1, entries), MinMessageBytes, MessageText.MaxBytes);
        holders = Holders();
    }

    /// <summary>Decides.</summary>
    public static CompositionPlan Decide(CompositionFacts facts) => new CompositionDecision(facts, isHalted: false).Decide();

    /// <summary>Decides for one whose spec is impossible: nothing that runs is changed, what is going is let go, and the rows are those of the children.</summary>
    public static CompositionPlan Halt(CompositionFacts facts) => new CompositionDecision(facts, isHalted: true).Halt();

    private CompositionPlan Halt()
    {
        KeepWhatIsToBeKept();
        return new()
        {
            Update = update,
            Release = [.. children.Values.Where(c => MayGo(c, orphaned: false) && !IsUpdated(c))],
            Rows = [.. children.Values.OrderBy(c => c.Metadata.Name, StringComparer.Ordinal).Select(Halted)],
            LookAgain = elsewhere.LookAgain,
        };
    }

    private bool IsUpdated(Component child) => update.Any(u => u.Metadata.Name == child.Metadata.Name);

    private CompositionRow Halted(Component child)
    {
        var name = NameOf(child) is { Length: > 0 } entry ? entry : child.Metadata.Name;
        if (child.Metadata.IsTerminating)
            return Going(name, child.Spec.Handler, child, "is deleted; nothing is made anew before the spec is mended");
        var (phase, message) = Standing(child);
        return Row(name, child.Metadata.Name, child.Spec.Handler, phase, message);
    }

    private CompositionPlan Decide()
    {
        var orphaned = composition.Metadata.HasFinalizer(OrphanFinalizer);
        if (!composition.Metadata.IsTerminating)
        {
            foreach (var entry in outline.Order)
                causes.Note(entry, rows[entry.Name] = Decide(entry));
        }

        var unwanted = composition.Metadata.IsTerminating ? children.Values : children.Values.Where(c => !IsWanted(c));
        if (!orphaned)
        {
            delete.AddRange(unwanted.Where(c => !c.Metadata.IsTerminating));
            KeepWhatIsToBeKept();
        }

        var written = update.Select(c => c.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        return new()
        {
            Create = create,
            Update = update,
            Delete = [.. delete.Where(c => !written.Contains(c.Metadata.Name))],
            // What is written now is let go as it is then.
            Release = [.. children.Values.Where(c => MayGo(c, orphaned) && !written.Contains(c.Metadata.Name))],
            ReleaseComposition = composition.Metadata.IsTerminating && (children.Count == 0 || orphaned),
            Waits = waitsOf,
            Rows = [.. Rows(), .. Leaving()],
            LookAgain = elsewhere.LookAgain,
        };
    }

    private CompositionRow Decide(GraphNode outlined)
    {
        var (entry, name) = (outlined.Entry, outlined.Child);
        var child = children.GetValueOrDefault(name);
        if (child is null && facts.Leaving.Contains(name))
            return Row(outlined, Phase.Pending, $"waits until the Component \"{name}\" that is being deleted is gone");
        if (child is null && facts.Taken.Contains(name))
            return Row(outlined, Phase.Failed, $"a Component \"{name}\" that is not this Composition's has the name: rename the entry, or delete that Component");
        if (child?.Metadata.IsTerminating == true)
            return Going(outlined.Name, entry.Type, child, "is deleted, then created anew");
        // Who claimed it counts, so that a spec.handler edited by hand is put right and nothing deleted.
        if (child is not null && HandlerOf(child) is var handler && handler != entry.Type)
        {
            delete.Add(child);
            return Row(outlined, Phase.Terminating, $"changes its handler from {handler} to {entry.Type}: is deleted, then created anew");
        }

        if (!outlined.Needs.All(settled.Contains))
        {
            if (child is not null)
                return Row(outlined, Standing(child));
            var (on, message) = outlined.Waiting(settled, causes.Of(outlined));
            waitsOf[entry.Name] = on;
            return Row(outlined, Phase.Pending, message);
        }

        var (spec, problem) = outlined.Resolve(Outputs);
        if (spec is null)
            return Row(outlined, Phase.Failed, problem!.ToString());
        if (child is null)
        {
            create.Add(ChildMetadata.NewChild(composition, entry.Name, spec));
            return Row(outlined, Phase.Pending, "");
        }

        var (isSame, isMarked) = outlined.Compare(child, spec, ChildMetadata.IsMarked);
        if (!isSame || !isMarked || (RestoreName is not null && !RestoredObject.Is(child.Metadata)))
            update.Add(child with { Metadata = ChildMetadata.Marked(child.Metadata, composition, entry.Name), Spec = spec });
        if (!isSame)
            return Row(outlined, Phase.Deploying, "has a new config");
        if (child.IsReady())
            settled.Add(entry.Name);
        return Row(outlined, Standing(child));
    }

    private JsonObject? Outputs(string entry) => children[outline.Find(entry)!.Child].Status?.ProviderStatus;

    private bool IsWanted(Component child) => outline.OfChild(child.Metadata.Name) is not null;

    // The name by which other children's dependsOn means it. Labels and spec.name can be edited by hand: they count where the entry is gone.
    private string NameOf(Component child) =>
        outline.OfChild(child.Metadata.Name)?.Name ?? child.Metadata.Label(ApiGroup.ComponentLabel) ?? child.Spec.Name ?? "";

    // The way out of a deletion that cannot be done: an edit that keeps more counts for what is going, and before it is let go. Nothing else of it does.
    private void KeepWhatIsToBeKept()
    {
        foreach (var child in children.Values.Where(c => c.Metadata.IsTerminating || composition.Metadata.IsTerminating))
        {
            if (outline.OfChild(child.Metadata.Name)?.Entry is { } entry && entry.Type == HandlerOf(child)
                && facts.SchemaOf(entry.Type).EditsWhileTerminating(entry.Config ?? [], child.Spec.Config ?? []) is { } config)
                update.Add(child with { Spec = child.Spec with { Config = config } });
        }
    }

    // Who is to go before a child, or to be written without it, by the name that they need: children that still need it. One that stays and goes on
    // needing it holds nothing: that child was deleted by hand and comes back. Children that all hold each other go in a circle, which only an edit by hand can make: then none is held.
    private Dictionary<string, HashSet<string>> Holders()
    {
        var held = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        if (!composition.Metadata.IsTerminating && !children.Values.Any(c => c.Metadata.IsTerminating))
            return held;
        HashSet<string>? attainable = null;
        foreach (var dependent in children.Values)
        {
            // Nobody knows what one that stays will need once the spec is mended.
            if (isHalted && !dependent.Metadata.IsTerminating)
                continue;
            foreach (var need in dependent.Spec.DependsOn ?? [])
            {
                if (Stays(dependent) is { } entry && (IsNeeded(entry, need) || !entry.Needs.All((attainable ??= Attainable()).Contains)))
                    continue;
                if (!held.TryGetValue(need, out var names))
                    held[need] = names = new(StringComparer.Ordinal);
                names.Add(NameOf(dependent));
            }
        }

        return children.Values.All(child => held.ContainsKey(NameOf(child))) ? [] : held;
    }

    // An orphan is let go whether it is going or not.
    private bool MayGo(Component child, bool orphaned) =>
        (orphaned || (child.Metadata.IsTerminating && HoldersOf(child).Count == 0)) && child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer);

    private HashSet<string> HoldersOf(Component child) => holders.GetValueOrDefault(NameOf(child), Nobody);

    // One that changes its handler goes as much as one without an entry.
    private GraphNode? Stays(Component dependent) =>
        !composition.Metadata.IsTerminating && !dependent.Metadata.IsTerminating && outline.OfChild(dependent.Metadata.Name) is { } entry
            && HandlerOf(dependent) == entry.Entry.Type
                ? entry
                : null;

    private static string HandlerOf(Component child) => ApiGroup.Claimant(child.Metadata) ?? child.Spec.Handler;

    private bool IsNeeded(GraphNode dependent, string name) => outline.Find(name) is not null && dependent.Needs.Contains(name, StringComparer.Ordinal);

    // Entries that can come about, by who waits for whom. Not those that want what somebody else has: what is going may be that somebody, as where an entry
    // was renamed. Nor those that wait for a child to go which is held until they have come about: as where an entry was renamed, and what it needs changes
    // its handler. Nor all that wait for these. Whoever turns to one of them does not hold what it turns from, or all would wait for ever.
    private HashSet<string> Attainable()
    {
        var (attainable, free) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var going = children.Values.Where(child => Stays(child) is null).ToDictionary(child => child.Metadata.Name, StringComparer.Ordinal);
        var dependents = children.Values.SelectMany(child => child.Spec.DependsOn ?? [], (child, need) => (child, need))
            .ToLookup(d => d.need, d => d.child, StringComparer.Ordinal);
        int known;
        do
        {
            known = attainable.Count + free.Count;
            foreach (var entry in outline.Order)
            {
                if ((!going.ContainsKey(entry.Child) || free.Contains(entry.Child)) && !IsContested(entry) && entry.Needs.All(attainable.Contains))
                    attainable.Add(entry.Name);
            }

            foreach (var (name, child) in going)
            {
                var need = NameOf(child);
                if (dependents[need].All(d => Stays(d) is { } entry ? IsNeeded(entry, need) || entry.Needs.All(attainable.Contains) : free.Contains(d.Metadata.Name)))
                    free.Add(name);
            }
        }
        while (attainable.Count + free.Count > known);
        return attainable;
    }

    private bool IsContested(GraphNode entry) =>
        children.GetValueOrDefault(entry.Child)?.Status?.Condition(Condition.Ready) is { Status: Condition.False, Reason: nameof(FailureKind.Conflict) };

    private string? RestoreName => composition.Metadata.Label(RestoredObject.Label);

    // While the Composition goes, what was never created or is gone has no row.
    private IEnumerable<CompositionRow> Rows() => composition.Metadata.IsTerminating
        ? from entry in outline.Entries
          let child = children.GetValueOrDefault(entry.Child)
          where child is not null
          select Going(entry.Name, entry.Entry.Type, child, "")
        : outline.Entries.Select(entry => rows[entry.Name]);

    private (string Phase, string Message) Standing(Component child)
    {
        var current = child.Status?.ObservedGeneration == child.Metadata.Generation ? child.Status : null;
        var phase = current?.Phase ?? (child.Status?.Phase is null ? Phase.Pending : Phase.Deploying);
        if (current?.Phase is Phase.Ready or Phase.Failed)
            return (phase, current.Message ?? "");
        return child.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true"
            ? (phase, $"is paused: it goes on once the annotation {ApiGroup.PausedAnnotation} is off")
            : elsewhere.Standing(child, phase, current?.Message) ?? (phase, current?.Message ?? "");
    }

    // Children whose entry is gone from the spec, while they are.
    private IEnumerable<CompositionRow> Leaving() => children.Values
        .Where(c => !IsWanted(c))
        .OrderBy(c => c.Metadata.Name, StringComparer.Ordinal)
        .Select(c => Going(c.Spec.Name ?? c.Metadata.Name, c.Spec.Handler, c, "is no longer in the Composition"));

    private CompositionRow Going(string name, string type, Component child, string otherwise)
    {
        if (HoldersOf(child) is not { Count: > 0 } holding || !child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
        {
            var (phase, message) = elsewhere.Going(child, otherwise);
            return Row(name, child.Metadata.Name, type, phase, message);
        }

        IReadOnlyList<string> on = [.. holding.Order(StringComparer.Ordinal)];
        waitsOf[name] = on;
        return Row(name, child.Metadata.Name, type, Phase.Terminating, $"waiting for dependents to be deleted: {string.Join(", ", on)}");
    }

    private CompositionRow Row(GraphNode entry, (string Phase, string Message) said) => Row(entry, said.Phase, said.Message);

    private CompositionRow Row(GraphNode entry, string phase, string message) =>
        entry.Said(phase, message) ?? entry.Say(message, Row(entry.Name, entry.Child, entry.Entry.Type, phase, message));

    private CompositionRow Row(string name, string child, string type, string phase, string message) => new()
    {
        Name = name,
        Component = child,
        Type = type,
        Phase = phase,
        Message = message.Length == 0 ? null : MessageText.Limit(message, maxMessageBytes),
    };
}
