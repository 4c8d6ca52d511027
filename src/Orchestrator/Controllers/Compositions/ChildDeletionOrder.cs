using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Which dependents block the deletion of which child: those that still use it, until they are deleted or no longer need it. Pure.</summary>
/// <remarks>
/// A child moving to an unattainable dependency must not block deletion of its old one; otherwise both deadlock. Example: <c>app</c> depends on <c>creds</c>,
/// and an edit renames the entry <c>creds</c> to <c>login</c>, with the same secretName.
/// <list type="bullet">
/// <item><c>creds</c> is deleted, and would wait for <c>app</c>, which uses it until it is updated.</item>
/// <item><c>app</c> is updated once <c>login</c> is Ready.</item>
/// <item><c>login</c> is Failed with a Conflict, and gets the secret once <c>creds</c> is gone.</item>
/// </list>
/// Each waits for the next. <c>login</c> is contested and thus unattainable, so <c>app</c> does not block <c>creds</c>: <c>creds</c> is deleted,
/// <c>login</c> takes the secret over, and <c>app</c> is updated.
/// </remarks>
internal sealed class ChildDeletionOrder
{
    private static readonly HashSet<string> None = [];

    private readonly CompositionFacts facts;
    private readonly Dictionary<string, HashSet<string>> blockers;

    /// <summary>Computes the order.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="isInvalid">Whether the spec is invalid: then the future needs of the children that stay are unknown.</param>
    public ChildDeletionOrder(CompositionFacts facts, bool isInvalid)
    {
        this.facts = facts;
        blockers = facts.Composition.Metadata.IsTerminating || facts.Children.Values.Any(c => c.Metadata.IsTerminating) ? FindBlockers(isInvalid) : [];
    }

    /// <summary>The names of the dependents to delete or update before a terminating child is released.</summary>
    public IReadOnlyCollection<string> BlockersOf(Component child) => blockers.GetValueOrDefault(facts.NameOf(child), None);

    private Dictionary<string, HashSet<string>> FindBlockers(bool isInvalid)
    {
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        HashSet<string>? attainable = null;
        foreach (var dependent in facts.Children.Values.Where(c => !isInvalid || c.Metadata.IsTerminating))
        {
            foreach (var need in dependent.Spec.DependsOn ?? [])
            {
                if (KeptFor(dependent) is { } entry && !(WillDrop(entry, need) && entry.Needs.All((attainable ??= Attainable()).Contains)))
                    continue;
                if (!found.TryGetValue(need, out var names))
                    found[need] = names = new(StringComparer.Ordinal);
                names.Add(facts.NameOf(dependent));
            }
        }

        // In a cycle of children, which only an edit by hand can cause, none blocks another.
        return facts.Children.Values.All(child => found.ContainsKey(facts.NameOf(child))) ? [] : found;
    }

    // The entry that a child is kept for. A child whose entry changes its handler is deleted, like a child without an entry.
    private GraphNode? KeptFor(Component child) =>
        !facts.Composition.Metadata.IsTerminating && !child.Metadata.IsTerminating && facts.Graph.OfChild(child.Metadata.Name) is { } entry
            && child.ManagingHandler() == entry.Entry.Type
                ? entry
                : null;

    // A dependent that still needs the child does not block: the child was deleted by hand and is recreated.
    private bool WillDrop(GraphNode dependent, string need) => facts.Graph.Find(need) is null || !dependent.Needs.Contains(need, StringComparer.Ordinal);

    // The entries whose children can become Ready while the deletions proceed. Excluded: contested entries, whose resource may belong to a terminating
    // Component; entries whose own child is still to be deleted and blocked until they are Ready; and entries that need an excluded one.
    private HashSet<string> Attainable()
    {
        var (attainable, unblocked) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var deleted = facts.Children.Values.Where(child => KeptFor(child) is null).ToDictionary(child => child.Metadata.Name, StringComparer.Ordinal);
        var dependents = facts.Children.Values.SelectMany(child => child.Spec.DependsOn ?? [], (child, need) => (child, need))
            .ToLookup(d => d.need, d => d.child, StringComparer.Ordinal);
        int known;
        do
        {
            known = attainable.Count + unblocked.Count;
            foreach (var entry in facts.Graph.Order)
            {
                if ((!deleted.ContainsKey(entry.Child) || unblocked.Contains(entry.Child)) && !IsContested(entry) && entry.Needs.All(attainable.Contains))
                    attainable.Add(entry.Name);
            }

            foreach (var (name, child) in deleted)
            {
                var need = facts.NameOf(child);
                if (dependents[need].All(d => KeptFor(d) is { } entry
                    ? !WillDrop(entry, need) || entry.Needs.All(attainable.Contains) : unblocked.Contains(d.Metadata.Name)))
                    unblocked.Add(name);
            }
        }
        while (attainable.Count + unblocked.Count > known);
        return attainable;
    }

    private bool IsContested(GraphNode entry) =>
        facts.Children.GetValueOrDefault(entry.Child)?.Status?.Condition(Condition.Ready) is { Status: Condition.False, Reason: nameof(FailureKind.Conflict) };
}
