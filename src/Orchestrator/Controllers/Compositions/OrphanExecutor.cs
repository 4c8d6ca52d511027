using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Takes back or releases the children that an earlier Composition of the same name left behind: see <see cref="OrphanedChildren"/>.</summary>
/// <param name="executor">Writes children.</param>
/// <param name="writer">Writes the Composition.</param>
/// <param name="queue">Requeues the Composition if this turn has no writes left.</param>
internal sealed class OrphanExecutor(ChangesExecutor executor, CompositionWriter writer, WorkQueue queue)
{
    /// <summary>Whether a Composition has children to take back.</summary>
    public static bool MustTakeBack(Composition composition, DesiredGraph graph, IReadOnlyList<Component> others) =>
        !composition.Metadata.IsTerminating && others.Any(c => OrphanedChildren.EntryOf(c, composition, graph) is not null);

    /// <summary>
    /// Takes children back, before any decision, and for an invalid Composition, too: the garbage collector deletes a child whose owner's uid no longer exists.
    /// </summary>
    /// <returns>The Composition as written; null if some are left for the next turn.</returns>
    public async Task<Composition?> TakeBack(
        ObjectKey key, Composition composition, DesiredGraph graph, IReadOnlyList<Component> others, ChildWrites writes, CancellationToken cancellation)
    {
        // Written even if the finalizer is there: the store refuses the write if the Composition was deleted or recreated in the meantime.
        composition = await writer.WriteFinalizer(composition, present: true, cancellation);
        var former = others.Where(c => OrphanedChildren.EntryOf(c, composition, graph) is not null).ToList();
        await writes.Each(former, async child =>
        {
            await executor.Update(ChildMetadata.TakenBack(child, composition, OrphanedChildren.EntryOf(child, composition, graph)!.Name), cancellation);
            return true;
        });
        if (writes.IsComplete)
            return composition;
        queue.Add(key);
        return null;
    }

    /// <summary>Releases orphans, whose deletion would never end otherwise; null for a Composition that is gone.</summary>
    public async Task Release(
        ObjectKey key, Composition? composition, IReadOnlyDictionary<string, Component> own, IReadOnlyList<Component> others, ChildWrites writes,
        CancellationToken cancellation)
    {
        if (others.Count == 0)
            return;
        foreach (var orphan in OrphanedChildren.Of(key.Name, composition?.Metadata.Uid, [.. own.Values, .. others]))
        {
            if (!writes.Take())
            {
                queue.Add(key);
                return;
            }

            await executor.Release(orphan, cancellation);
        }
    }
}
