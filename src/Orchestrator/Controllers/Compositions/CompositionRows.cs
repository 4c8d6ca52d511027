using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The rows of a Composition's status: the state of each entry and child, and what it waits for. Pure.</summary>
internal sealed class CompositionRows
{
    // For all rows together: with the longest names, the status of 500 entries stays below 256 KiB.
    private const int MaxMessagesBytes = 100 * 1024;
    private const int MinMessageBytes = 64;

    private readonly CompositionFacts facts;
    private readonly ChildDeletionOrder order;
    private readonly ExternalHandlerStatus external;
    private readonly Dictionary<string, IReadOnlyList<string>> waits;
    private readonly int maxMessageBytes;

    /// <summary>Creates rows from the facts.</summary>
    public CompositionRows(CompositionFacts facts, ChildDeletionOrder order)
    {
        (this.facts, this.order, external) = (facts, order, new(facts));
        var entries = facts.Graph.Entries.Count;
        waits = new(entries, StringComparer.Ordinal);
        maxMessageBytes = Math.Clamp(MaxMessagesBytes / Math.Max(1, entries), MinMessageBytes, MessageText.MaxBytes);
    }

    /// <summary>Which rows so far wait for which: entries for others to become Ready, children for dependents to be deleted.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Waits => waits;

    /// <summary>When the first timeout of an external handler's child so far expires; null if there is none.</summary>
    public TimeSpan? RecheckAfter => external.RecheckAfter;

    /// <summary>The row of an entry.</summary>
    public CompositionRow Of(GraphNode entry, string phase, string message) => Row(entry.Name, entry.Child, entry.Entry.Type, phase, message);

    /// <summary>The row of an entry without a child that waits for others to become Ready.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="ready">The entries that are Ready.</param>
    /// <param name="cause">The failed entry at the root of the wait, if any.</param>
    public CompositionRow OfWaiting(GraphNode entry, IReadOnlySet<string> ready, string? cause)
    {
        IReadOnlyList<string> on = [.. entry.Needs.Where(need => !ready.Contains(need))];
        waits[entry.Name] = on;
        // A direct dependency explains itself in its own row.
        var because = cause is null || on.Contains(cause, StringComparer.Ordinal) ? "" : $": {cause} failed";
        return Of(entry, Phase.Pending, $"waits for {string.Join(", ", on)}{because}");
    }

    /// <summary>The row of an entry whose child is not terminating: what its handler reports.</summary>
    public CompositionRow OfChild(GraphNode entry, Component child)
    {
        var (phase, message) = Reported(child);
        return Of(entry, phase, message);
    }

    /// <summary>The row of a child that is terminating, or about to be deleted.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="type">The row's handler.</param>
    /// <param name="child">The child.</param>
    /// <param name="otherwise">The message if no dependent, finalizer or handler gives a better one.</param>
    public CompositionRow OfTerminating(string name, string type, Component child, string otherwise)
    {
        if (order.BlockersOf(child) is not { Count: > 0 } blockers || !child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
        {
            var (phase, message) = external.OfTerminating(child, otherwise);
            return Row(name, child.Metadata.Name, type, phase, message);
        }

        IReadOnlyList<string> on = [.. blockers.Order(StringComparer.Ordinal)];
        waits[name] = on;
        return Row(name, child.Metadata.Name, type, Phase.Terminating, $"waiting for dependents to be deleted: {string.Join(", ", on)}");
    }

    /// <summary>The rows of a terminating Composition. An entry whose child does not exist has no row.</summary>
    public IEnumerable<CompositionRow> OfTerminatingEntries() =>
        from entry in facts.Graph.Entries
        let child = facts.Children.GetValueOrDefault(entry.Child)
        where child is not null
        select OfTerminating(entry.Name, entry.Entry.Type, child, "");

    /// <summary>The rows of children whose entry was removed from the spec.</summary>
    public IEnumerable<CompositionRow> OfRemovedEntries() => ByName(facts.Children.Values.Where(c => facts.Graph.OfChild(c.Metadata.Name) is null))
        .Select(c => OfTerminating(c.Spec.Name ?? c.Metadata.Name, c.Spec.Handler, c, "is no longer in the Composition"));

    /// <summary>The rows of a Composition whose spec is invalid.</summary>
    public IEnumerable<CompositionRow> OfInvalid() => ByName(facts.Children.Values).Select(child =>
    {
        var name = facts.NameOf(child) is { Length: > 0 } entry ? entry : child.Metadata.Name;
        if (child.Metadata.IsTerminating)
            return OfTerminating(name, child.Spec.Handler, child, "is being deleted; it is not recreated until the spec is corrected");
        var (phase, message) = Reported(child);
        return Row(name, child.Metadata.Name, child.Spec.Handler, phase, message);
    });

    private static IEnumerable<Component> ByName(IEnumerable<Component> children) => children.OrderBy(c => c.Metadata.Name, StringComparer.Ordinal);

    private (string Phase, string Message) Reported(Component child)
    {
        var current = child.Status?.ObservedGeneration == child.Metadata.Generation ? child.Status : null;
        var phase = current?.Phase ?? (child.Status?.Phase is null ? Phase.Pending : Phase.Deploying);
        if (current?.Phase is Phase.Ready or Phase.Failed)
            return (phase, current.Message ?? "");
        return child.Metadata.IsPaused
            ? (phase, $"is paused: remove the annotation {ApiGroup.PausedAnnotation} to continue")
            : external.OfDeploying(child, phase, current?.Message) ?? (phase, current?.Message ?? "");
    }

    private CompositionRow Row(string name, string child, string type, string phase, string message) => new()
    {
        Name = name,
        Component = child,
        Type = type,
        Phase = phase,
        Message = message.Length == 0 ? null : MessageText.Limit(message, maxMessageBytes),
    };
}
