using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// Components that still bear the coordination finalizer although no Composition coordinates them any more; their deletion would wait for ever. Pure.
/// </summary>
internal static class OrphanedChildren
{
    /// <summary>The Composition that is to see to the Component: its owner, or, for an orphan, the one that it was made for. Null where there is
    /// none.</summary>
    public static string? CompositionOf(Component component) =>
        StandaloneScope.IsStandalone(component) ? component.Metadata.Label(ApiGroup.CompositionLabel) : component.Metadata.Controller()!.Name;

    /// <summary>
    /// Those that a Composition of this name left behind: orphans (<c>--cascade=orphan</c>, or an owner reference taken off by hand), and terminating
    /// children of one of another uid, as after a restore from a backup or where somebody took its finalizer off by force. Of these, those first that no
    /// other terminating Component needs: a handler elsewhere may undo what it made.
    /// </summary>
    /// <param name="composition">The Composition's name.</param>
    /// <param name="uid">The uid of the Composition that has the name now; null where none has.</param>
    /// <param name="components">The Components of the namespace.</param>
    public static IReadOnlyList<Component> Of(string composition, string? uid, IReadOnlyCollection<Component> components)
    {
        var orphans = components.Where(c => c.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer)
            && CompositionOf(c) == composition
            && (StandaloneScope.IsStandalone(c) || (c.Metadata.IsTerminating && c.Metadata.Controller()!.Uid != uid))).ToList();
        if (orphans.Count == 0)
            return orphans;
        var needed = components.Where(c => c.Metadata.IsTerminating && CompositionOf(c) == composition)
            .SelectMany(c => c.Spec.DependsOn ?? []).ToHashSet(StringComparer.Ordinal);
        var free = orphans.Where(c => StandaloneScope.IsStandalone(c) || !needed.Contains(ChildMetadata.EntryNameOf(c))).ToList();
        // If all depend on each other, which only an edit by hand can cause, all are released.
        return free.Count > 0 || components.Any(c => c.Metadata.IsTerminating && !needed.Contains(ChildMetadata.EntryNameOf(c))) ? free : orphans;
    }

    /// <summary>
    /// The entry whose child the Component was, where its Composition takes it back: it has the child's name and labels, stays, and has no controller but
    /// perhaps an earlier Composition of the same name. So a restore from a backup brings it, and so <c>--cascade=orphan</c> leaves it. Null otherwise.
    /// </summary>
    public static GraphNode? EntryOf(Component component, Composition composition, DesiredGraph graph) =>
        !component.Metadata.IsTerminating
        && component.Metadata.Label(ApiGroup.CompositionLabel) == composition.Metadata.Name
        && graph.OfChild(component.Metadata.Name) is { } entry && component.Metadata.Label(ApiGroup.ComponentLabel) == entry.Name
        && (component.Metadata.Controller() is not { } owner
            || (ChildMetadata.IsNamed(owner, composition.Metadata.Name) && owner.Uid != composition.Metadata.Uid))
            ? entry
            : null;
}
