using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Carries out what <see cref="CompositionDecision"/> decides: creates, updates, releases and deletes children.</summary>
/// <param name="children">Where they are written.</param>
/// <param name="components">Where they are read.</param>
/// <param name="queue">Takes the Composition again where an update has to wait.</param>
/// <param name="time">The time of those waits.</param>
internal sealed class PlanExecutor(ResourceClient<Component> children, Informer<Component> components, WorkQueue queue, TimeProvider time)
{
    /// <summary>So many children are written before other namespaces have their turn.</summary>
    public const int AtOnce = 100;

    private readonly ContestedChildren contested = new(time);

    /// <summary>Carries out a plan. What the store refuses goes into <paramref name="refused"/>, by child.</summary>
    /// <remarks>A child goes on through the store: its informer notifies ComponentController, whose worker brings it to its handler.</remarks>
    /// <returns>Whether that was the whole plan; otherwise the rest is decided again, at the Composition's next turn.</returns>
    public async Task<bool> Execute(ObjectKey key, CompositionPlan plan, Dictionary<string, ResourceException> refused, CancellationToken cancellation)
    {
        var (written, isWhole) = (0, true);

        // Who is refused, or has to wait, keeps nobody else from being written.
        Task Some(IReadOnlyList<Component> those, Func<Component, Task<bool>> write) => Each(those, refused, async child =>
        {
            if (written == AtOnce)
                isWhole = false;
            else if (await write(child))
                written++;
        });

        // The deletions are seen before the creations: a renamed entry finds that its predecessor's secret has no other owner. The deletion's own event
        // requeues this Composition.
        await Some(plan.Delete, child => Done(Delete(child, cancellation)));

        // A conflict says that somebody wrote in between: it may be terminating already, and what takes its place would find it alive.
        if (plan.Delete.All(child => refused.TryGetValue(child.Metadata.Name, out var refusal) && refusal.Error != ResourceError.Conflict))
            await Some(plan.Create, child => Done(Write(components, () => children.Create(child, cancellation))));
        await Some(plan.Update, async child =>
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
        await Some(plan.Release, child => Done(Release(child, cancellation)));
        if (!isWhole)
            queue.Add(key);
        return isWhole;
    }

    /// <summary>Takes our finalizer off a child.</summary>
    public async Task Release(Component child, CancellationToken cancellation)
    {
        var finalizers = child.Metadata.Finalizers!.Where(f => f != ApiGroup.CoordinationFinalizer).ToList();
        await Write(
            components,
            async () => await children.Replace(
                await Whole(child, cancellation) with { Metadata = child.Metadata with { Finalizers = finalizers } }, cancellation),
            written => !written.Metadata.IsTerminating || finalizers.Count > 0);
    }

    /// <summary>Updates a child.</summary>
    public Task Update(Component child, CancellationToken cancellation) => Write(components, () => children.Replace(child, cancellation));

    /// <summary>
    /// The child with its whole spec: what the informer keeps may be less, and what is written is everything. Conflict where it is no longer as it was read.
    /// </summary>
    public async Task<Component> Whole(Component child, CancellationToken cancellation)
    {
        if (!child.Spec.IsTrimmed)
            return child;
        var key = ObjectKey.Of(child.Metadata);
        return await children.Current(key, cancellation) is { } whole && whole.Metadata.ResourceVersion == child.Metadata.ResourceVersion
            ? whole
            : throw new ResourceException(ResourceError.Conflict, $"Component {key} is no longer as it was read");
    }

    /// <summary>A child is gone.</summary>
    public void Forget(ObjectKey child) => contested.Forget(child);

    /// <summary>Acts on each child: what the store refuses for one holds the others up no more than a child that fails.</summary>
    public static async Task Each(IReadOnlyList<Component> those, Dictionary<string, ResourceException> refused, Func<Component, Task> act)
    {
        foreach (var child in those)
        {
            try
            {
                await act(child);
            }
            catch (ResourceException e)
            {
                refused[child.Metadata.Name] = e;
            }
        }
    }

    /// <summary>Writes to the store, and lets the informer read at once what is left after it.</summary>
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

    // Only as it was read: what `kubectl delete --cascade=orphan` set free in the meantime is nobody's to delete.
    private Task Delete(Component child, CancellationToken cancellation) => children.Delete(
        ObjectKey.Of(child.Metadata), new(child.Metadata.Uid, ResourceVersion: child.Metadata.ResourceVersion), cancellation);
}
