using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Writes a Composition's finalizer and its status.</summary>
internal sealed class CompositionWriter(IResourceStore store, Informer<Composition> compositions, WorkQueue queue, TimeProvider time)
{
    // Children change in bursts.
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly ResourceClient<Composition> client = new(store, ResourceType.Composition, ApiJson.Default.Composition);
    private readonly StatusThrottle throttle = new(time, StatusInterval);

    /// <summary>The Composition with its whole spec, of which the informer may keep less; null if it is gone.</summary>
    public Task<Composition?> Whole(ObjectKey key, CancellationToken cancellation) => client.Current(key, cancellation);

    /// <summary>Adds or removes our finalizer.</summary>
    public Task<Composition> WriteFinalizer(Composition composition, bool present, CancellationToken cancellation)
    {
        var metadata = composition.Metadata.WithFinalizer(ApiGroup.CoordinationFinalizer, present);
        return ChangesExecutor.Write(compositions, () => client.Replace(composition with { Metadata = metadata }, cancellation), _ => present);
    }

    /// <summary>Writes a status if it differs; if the last write is too recent, the Composition is reconciled again later.</summary>
    public async Task WriteStatus(Composition composition, Func<CompositionStatus> status, CancellationToken cancellation)
    {
        var key = ObjectKey.Of(composition.Metadata);
        if (throttle.MustWait(key, out var wait))
        {
            queue.AddAfter(key, wait);
            return;
        }

        var stamped = CompositionStatusRules.Stamp(status(), composition.Status, time.GetUtcNow());
        if (CompositionStatusRules.Same(stamped, composition.Status))
            return;
        await ChangesExecutor.Write(compositions, () => client.ReplaceStatus(composition with { Status = stamped }, cancellation));
        throttle.Wrote(key);
    }

    /// <summary>Drops the record of a Composition that is gone.</summary>
    public void Forget(ObjectKey key) => throttle.Forget(key);
}
