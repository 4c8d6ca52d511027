using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// Components that still have the coordination finalizer although no Composition coordinates them: without a release their deletion never ends. Pure.
/// </summary>
internal static class OrphanedChildren
{
    /// <summary>The Composition of a Component: its owner, or for an orphan the one that created it, by its label or else by its name. Null if there
    /// is none.</summary>
    public static string? CompositionOf(Component component) => StandaloneScope.IsStandalone(component)
        ? component.Metadata.Label(ApiGroup.CompositionLabel) ?? CompositionInName(component) : component.Metadata.Controller()!.Name;

    /// <summary>
    /// The Components that a Composition of this name left behind: orphans (<c>--cascade=orphan</c>, or an owner reference removed by hand), and terminating
    /// children of a Composition with another uid, as after a restore from a backup or after a finalizer was removed by force. Components that other
    /// terminating ones need come later: an external handler may still need them to clean up.
    /// </summary>
    /// <param name="composition">The Composition's name.</param>
    /// <param name="uid">The uid of the Composition that has the name now; null if there is none.</param>
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
    /// The entry whose Composition adopts the Component: the Component has the child's name and labels, is not terminating, and has no controller other than
    /// an earlier Composition of the same name, as after a restore from a backup or <c>--cascade=orphan</c>. Null otherwise.
    /// </summary>
    public static GraphNode? EntryOf(Component component, Composition composition, DesiredGraph graph) =>
        !component.Metadata.IsTerminating
        && component.Metadata.Label(ApiGroup.CompositionLabel) == composition.Metadata.Name
        && graph.OfChild(component.Metadata.Name) is { } entry && component.Metadata.Label(ApiGroup.ComponentLabel) == entry.Name
        && (component.Metadata.Controller() is not { } owner
            || (ChildMetadata.IsNamed(owner, composition.Metadata.Name) && owner.Uid != composition.Metadata.Uid))
            ? entry
            : null;

    // Labels can be removed by hand, and the finalizer still blocks the deletion: then a user has to release it.
    private static string? CompositionInName(Component component)
    {
        var ending = ChildName.Of("", component.Spec.Name ?? "");
        return component.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer) && component.Metadata.Name.EndsWith(ending, StringComparison.Ordinal)
            ? component.Metadata.Name[..^ending.Length]
            : null;
    }
}
