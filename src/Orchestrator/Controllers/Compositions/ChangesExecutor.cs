using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Executes a <see cref="CompositionChanges"/>: creates, updates, releases and deletes children.</summary>
/// <param name="children">Writes children.</param>
/// <param name="components">Reads children.</param>
/// <param name="queue">Requeues the Composition if an update has to wait.</param>
/// <param name="time">The clock of those waits.</param>
internal sealed class ChangesExecutor(ResourceClient<Component> children, Informer<Component> components, WorkQueue queue, TimeProvider time)
{
    private readonly ContestedChildren contested = new(time);

    /// <summary>Executes the changes, up to the writes that this turn has left.</summary>
    /// <remarks>The informer sees the written child and notifies ComponentController, whose worker calls the child's handler.</remarks>
    /// <returns>Whether all are executed; otherwise the rest is decided at the Composition's next turn.</returns>
    public async Task<bool> Execute(ObjectKey key, CompositionChanges changes, ChildWrites writes, CancellationToken cancellation)
    {
        // Deletions are seen before creations: the child of a renamed entry finds that its predecessor's secret has no other owner. The event of the deletion
        // requeues this Composition.
        await writes.Each(changes.Delete, child => Done(Delete(child, cancellation)));

        // A conflict means that another client wrote in between: the child may be terminating already, and its replacement would still find it alive.
        if (changes.Delete.All(child => writes.Refused.TryGetValue(child.Metadata.Name, out var refusal) && refusal.Error != ResourceError.Conflict))
            await writes.Each(changes.Create, child => Done(Write(components, () => children.Create(child, cancellation))));
        await writes.Each(changes.Update, async child =>
        {
            if (contested.Pause(child) is { } wait)
            {
                queue.AddAfter(key, wait);
                return false;
            }

            await Update(child, cancellation);
            contested.Wrote(child);
            return true;
        });
        await writes.Each(changes.Release, child => Done(Release(child, cancellation)));
        if (!writes.IsComplete)
            queue.Add(key);
        return writes.IsComplete;
    }

    /// <summary>Removes our finalizer from a child.</summary>
    public async Task Release(Component child, CancellationToken cancellation)
    {
        var metadata = child.Metadata.WithFinalizer(ApiGroup.CoordinationFinalizer, present: false);
        await Write(
            components,
            async () => await children.Replace(await Whole(child with { Metadata = metadata }, cancellation), cancellation),
            written => !written.Metadata.IsTerminating || metadata.Finalizers!.Count > 0);
    }

    /// <summary>Updates a child.</summary>
    public Task Update(Component child, CancellationToken cancellation) =>
        Write(components, async () => await children.Replace(await Whole(child, cancellation), cancellation));

    /// <summary>
    /// The child with its whole spec: the informer may keep less, and a write needs everything. Conflict if the child has changed in the meantime.
    /// </summary>
    public async Task<Component> Whole(Component child, CancellationToken cancellation)
    {
        if (!child.Spec.IsTrimmed)
            return child;
        var key = ObjectKey.Of(child.Metadata);
        return await children.Current(key, cancellation) is { } whole && whole.Metadata.ResourceVersion == child.Metadata.ResourceVersion
            ? whole with { Metadata = child.Metadata }
            : throw new ResourceException(ResourceError.Conflict, $"Component {key} has changed since it was read");
    }

    /// <summary>Drops the record of a child that is gone.</summary>
    public void Forget(ObjectKey child) => contested.Forget(child);

    /// <summary>Writes to the store, and hands the result to the informer at once.</summary>
    public static async Task<T> Write<T>(Informer<T> cache, Func<Task<T>> write, Func<T, bool>? isLeft = null)
        where T : class
    {
        var since = cache.History;
        var written = await write();
        if (isLeft?.Invoke(written) != false)
            cache.Observe(written, since);
        return written;
    }

    private static async Task<bool> Done(Task write)
    {
        await write;
        return true;
    }

    // Only the version that was read: a child that `kubectl delete --cascade=orphan` has orphaned in the meantime must stay.
    private Task Delete(Component child, CancellationToken cancellation) => children.Delete(
        ObjectKey.Of(child.Metadata), new(child.Metadata.Uid, ResourceVersion: child.Metadata.ResourceVersion), cancellation);
}
