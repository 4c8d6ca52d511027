using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Controllers;

/// <summary>Runs both controllers on one store: for <c>dorch up</c> on a laptop, and for <c>dorch operator</c> in a cluster.</summary>
/// <remarks>
/// An informer sees a change and notifies a controller (<see cref="Subscribe"/>); the controller adds the affected keys to its queue; a worker takes a key
/// and reconciles it (<see cref="Measured"/>). The informer then sees what the reconcile wrote.
/// </remarks>
internal sealed class ControllerManager : IAsyncDisposable
{
    private const int CompositionWorkers = 4;

    private readonly ClusterInformers informers;
    private readonly WorkQueue componentQueue;
    private readonly WorkQueue compositionQueue;
    private readonly ComponentController componentController;
    private readonly CompositionController compositionController;
    private readonly ResourceWatches watches;
    private readonly PolicyWatch? policies;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private readonly int workers;

    /// <summary>Puts the controllers together; <see cref="Run"/> starts them.</summary>
    /// <param name="store">The store of the resources.</param>
    /// <param name="informers">The informers of Components and Compositions; not running yet.</param>
    /// <param name="handlers">The handlers of this process.</param>
    /// <param name="context">Time, jitter and events.</param>
    /// <param name="logging">Logs failures.</param>
    /// <param name="workers">How many Components are reconciled at the same time, at least 1.</param>
    /// <param name="policies">The watch of SecretPolicies, not running yet, if the handlers need it; null otherwise.</param>
    public ControllerManager(
        IResourceStore store, ClusterInformers informers, HandlerRegistry handlers, ControllerContext context, ILoggerFactory logging, int workers = 16,
        PolicyWatch? policies = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        log = logging.CreateLogger("DeploymentOrchestrator.Controllers");
        (this.informers, this.policies, this.workers, time) = (informers, policies, workers, context.Time);
        componentQueue = new(context.Time, context.Jitter, (key, e) => Log.ReconcileFailed(log, Component.KindName, key, e.GetType().Name, e.Message));
        compositionQueue = new(context.Time, context.Jitter, (key, e) => Log.ReconcileFailed(log, Composition.KindName, key, e.GetType().Name, e.Message));
        watches = new(store, context.Time, log);
        componentController = new(store, informers.Components, handlers, componentQueue, watches, context);
        compositionController = new(store, informers.Compositions, informers.Components, handlers, compositionQueue, context.Time);
    }

    /// <summary>The Components as the controllers see them.</summary>
    public Informer<Component> Components => informers.Components;

    /// <summary>The Compositions as the controllers see them.</summary>
    public Informer<Composition> Compositions => informers.Compositions;

    /// <summary>Completes once the controllers have seen all existing resources and begin to work.</summary>
    public Task Synced => Task.WhenAll(informers.Synced, policies?.Synced ?? Task.CompletedTask);

    /// <summary>Runs once. On <paramref name="stop"/> no new work begins; on <paramref name="abort"/> running work is cancelled.</summary>
    public async Task Run(CancellationToken stop, CancellationToken abort)
    {
        Subscribe();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(
            Together(Components.Run),
            Together(Compositions.Run),
            Together(policies is null ? _ => Task.CompletedTask : policies.Run),
            Together(token => WhenListed(() => componentQueue.Run(workers, Measured(Component.KindName, componentController.Reconcile), token, abort))),
            Together(token =>
                WhenListed(() => compositionQueue.Run(CompositionWorkers, Measured(Composition.KindName, compositionController.Reconcile), token, abort))));

        // No part works without the others: if one fails, all end, and the caller sees the failure.
        async Task Together(Func<CancellationToken, Task> part)
        {
            try
            {
                await part(end.Token);
            }
            catch
            {
                await end.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>How many watches run on behalf of handlers.</summary>
    public int WatchCount => watches.Count;

    /// <summary>How many keys of a kind are queued or being reconciled.</summary>
    public int QueueLength(string kind) => kind == Component.KindName ? componentQueue.Length : compositionQueue.Length;

    /// <summary>Completes when every change of the store so far is in the queues, or was.</summary>
    /// <inheritdoc cref="WhenQuiet"/>
    public async Task WhenSeen(Func<ResourceType, string?, string> lastVersion, CancellationToken cancellation)
    {
        await Components.WhenSeen(lastVersion(ResourceType.Component, null)).WaitAsync(cancellation);
        await Compositions.WhenSeen(lastVersion(ResourceType.Composition, null)).WaitAsync(cancellation);
        await watches.WhenSeen(lastVersion).WaitAsync(cancellation);
        if (policies is not null)
            await policies.WhenSeen(lastVersion).WaitAsync(cancellation);
    }

    /// <summary>Completes when the controllers are idle and have seen every change of the store. Work that is due later does not count.</summary>
    /// <param name="lastVersion">The store's last resourceVersion of a kind, in one namespace or (null) in all.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WhenQuiet(Func<ResourceType, string?, string> lastVersion, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = (lastVersion(ResourceType.Component, null), lastVersion(ResourceType.Composition, null));
            await WhenSeen(lastVersion, cancellation);
            await componentQueue.WhenIdle().WaitAsync(cancellation);
            await compositionQueue.WhenIdle().WaitAsync(cancellation);
            if (componentQueue.IsIdle && compositionQueue.IsIdle && watches.WhenSeen(lastVersion).IsCompleted
                && seen == (lastVersion(ResourceType.Component, null), lastVersion(ResourceType.Composition, null)))
                return;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => watches.DisposeAsync();

    private void Subscribe()
    {
        Components.Subscribe(componentController.OnChanged);
        Components.Subscribe(compositionController.OnChildChanged);
        Compositions.Subscribe(compositionController.OnChanged);
        watches.Subscribe(componentController.OnFollowedChanged);
        policies?.Subscribe(OnPoliciesChanged);
        Components.SubscribeRestored(Compositions.Relist);
        Compositions.SubscribeRestored(Components.Relist);
        Components.Subscribe(change => LogUnreadable(Component.KindName, change));
        Compositions.Subscribe(change => LogUnreadable(Composition.KindName, change));
    }

    private void OnPoliciesChanged(string @namespace, ObjectId changed)
    {
        foreach (var component in Components.InNamespace(@namespace).Where(c => c.Spec.Handler == HandlerNames.SecretPush))
            componentController.OnFollowedChanged(ObjectKey.Of(component.Metadata), changed);
    }

    // The schema of our CRDs refuses such a resource; an older or a foreign schema may not. A resource that cannot be read cannot get a status either.
    private void LogUnreadable<T>(string kind, ResourceChange<T> change)
        where T : class
    {
        if (change.Unreadable is { } why)
            Log.Unreadable(log, kind, change.Key, why);
    }

    private Func<ObjectKey, CancellationToken, Task> Measured(string kind, Func<ObjectKey, CancellationToken, Task> reconcile) => async (key, cancellation) =>
    {
        await informers.Current.WaitAsync(cancellation);
        using var span = Telemetry.Traces.StartActivity($"reconcile {kind}");
        span?.SetTag("k8s.namespace.name", key.Namespace).SetTag("dorch.name", key.Name);
        var started = time.GetTimestamp();
        var succeeded = false;
        try
        {
            await reconcile(key, cancellation);
            succeeded = true;
        }
        finally
        {
            Telemetry.Reconciled(kind, succeeded, time.GetElapsedTime(started));
        }
    };

    // A controller that decides before everything is listed would take unlisted resources for deleted ones.
    private async Task WhenListed(Func<Task> work)
    {
        try
        {
            await Synced;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await work();
    }
}
