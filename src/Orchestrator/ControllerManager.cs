using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Components;
using DeploymentOrchestrator.Compositions;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator;

/// <summary>Both controllers at work on one store: what <c>dorch up</c> runs on a laptop and <c>dorch operator</c> in a cluster.</summary>
public sealed class ControllerManager : IAsyncDisposable
{
    private const int CompositionWorkers = 4;

    private readonly ResourceCache<Component> components;
    private readonly ResourceCache<Composition> compositions;
    private readonly WorkQueue componentQueue;
    private readonly WorkQueue compositionQueue;
    private readonly ComponentController componentController;
    private readonly CompositionController compositionController;
    private readonly ResourceWatches watches;
    private readonly int workers;

    /// <summary>Puts the controllers together; <see cref="Run"/> starts them.</summary>
    /// <param name="store">Where the resources are.</param>
    /// <param name="components">The Components of the store; not running yet.</param>
    /// <param name="handlers">The handlers of this process.</param>
    /// <param name="context">Time, jitter and events.</param>
    /// <param name="logging">Where failures are told.</param>
    /// <param name="workers">How many Components are worked on at once, at least 1.</param>
    public ControllerManager(
        IResourceStore store, ResourceCache<Component> components, HandlerRegistry handlers, ControllerContext context, ILoggerFactory logging, int workers = 16)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var log = logging.CreateLogger("DeploymentOrchestrator.Controllers");
        (this.components, this.workers) = (components, workers);
        compositions = new(store, new(store, ResourceType.Composition, ApiJson.Default.Composition), context.Time, log);
        componentQueue = new(context.Time, context.Jitter, (key, e) => Log.ReconcileFailed(log, Component.KindName, key, e.GetType().Name, e.Message));
        compositionQueue = new(context.Time, context.Jitter, (key, e) => Log.ReconcileFailed(log, Composition.KindName, key, e.GetType().Name, e.Message));
        watches = new(store, context.Time, log);
        componentController = new(store, components, handlers, componentQueue, watches, context);
        compositionController = new(store, compositions, components, handlers, compositionQueue, context);
    }

    /// <summary>The Components as the controllers see them.</summary>
    public ResourceCache<Component> Components => components;

    /// <summary>The Compositions as the controllers see them.</summary>
    public ResourceCache<Composition> Compositions => compositions;

    /// <summary>Works until stopped: then nothing new is begun, and what was begun is broken off after the caller's <paramref name="abort"/>.</summary>
    public async Task Run(CancellationToken stop, CancellationToken abort)
    {
        await Task.WhenAll(
            components.Run(stop),
            compositions.Run(stop),
            WhenListed(() => componentQueue.Run(workers, componentController.Reconcile, stop, abort)),
            WhenListed(() => compositionQueue.Run(CompositionWorkers, compositionController.Reconcile, stop, abort)));
    }

    /// <summary>
    /// Ends when nothing is being done and everything that happened in the store was looked at. What comes later by the clock does not count.
    /// </summary>
    /// <param name="lastVersion">The store's last resourceVersion of a kind, in one namespace or (null) in all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WhenQuiet(Func<ResourceType, string?, string> lastVersion, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = (lastVersion(ResourceType.Component, null), lastVersion(ResourceType.Composition, null));
            await components.WhenSeen(seen.Item1).WaitAsync(cancellation);
            await compositions.WhenSeen(seen.Item2).WaitAsync(cancellation);
            await watches.WhenSeen(lastVersion).WaitAsync(cancellation);
            await componentQueue.WhenIdle().WaitAsync(cancellation);
            await compositionQueue.WhenIdle().WaitAsync(cancellation);
            if (componentQueue.IsIdle && compositionQueue.IsIdle && watches.WhenSeen(lastVersion).IsCompleted
                && seen == (lastVersion(ResourceType.Component, null), lastVersion(ResourceType.Composition, null)))
                return;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => watches.DisposeAsync();

    // A controller that decides before it has seen what there is would take what it has not seen for gone.
    private async Task WhenListed(Func<Task> work)
    {
        try
        {
            await Task.WhenAll(components.Synced, compositions.Synced);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await work();
    }
}
