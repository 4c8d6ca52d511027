using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// Reconciles Components with their handlers: claims, resolves references, applies, writes the status, deletes. It knows nothing of what a handler does. A
/// reconcile reads the current state, may be interrupted anywhere, and leaves Components of other handlers alone.
/// </summary>
internal sealed class ComponentController
{
    private readonly ResourceClient<Component> client;
    private readonly Informer<Component> cache;
    private readonly HandlerRegistry handlers;
    private readonly WorkQueue queue;
    private readonly TimeProvider time;
    private readonly HandlerCalls calls;
    private readonly CallSchedule schedule;
    private readonly DependentsIndex dependents;
    private readonly ConcurrentDictionary<ObjectKey, Component> outdated = new();
    private readonly RefusedSpecs refused = new();
    private readonly FairLock large = new();

    /// <summary>Creates a controller that adds the keys to reconcile to <paramref name="queue"/>.</summary>
    public ComponentController(
        IResourceStore store, Informer<Component> cache, HandlerRegistry handlers, WorkQueue queue, ResourceWatches watches, ControllerContext context)
    {
        client = new(store, ResourceType.Component, ApiJson.Default.Component);
        (this.cache, this.handlers, this.queue, time) = (cache, handlers, queue, context.Time);
        calls = new(context);
        schedule = new(cache, queue, watches, context);
        dependents = new(handlers.SchemaOf);
    }

    /// <summary>Reconciles one Component until nothing is left to do for now; later work goes into the queue.</summary>
    public async Task Reconcile(ObjectKey key, CancellationToken cancellation)
    {
        var history = cache.History;
        if (cache.Get(key) is not { } component || Claim.Of(component, handlers) is not { Handler: not null } claim)
        {
            Forget(key);
            return;
        }

        if (component.Metadata.IsPaused || IsOutdated(key, component) || refused.Has(component, claim, history))
            return;
        using var turn = component.Spec.IsTrimmed ? new LargeTurn(large, key.Namespace ?? "") : null;
        if (turn is not null)
        {
            await turn.Begin(cancellation);
            // Deleted, or claimed by another handler: the event is on its way.
            if (await client.Current(key, cancellation) is not { } whole || Claim.Of(whole, handlers) != claim)
                return;
            component = whole;
        }

        using var session = new ComponentSession(client, cache, component, history, turn);
        try
        {
            if (component.Metadata.IsTerminating)
                await Delete(session, claim.Handler, cancellation);
            else
                await Apply(session, claim, cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.NotFound)
        {
            // Another client changed or deleted it in between: the next reconcile starts from the current object and never overwrites it.
            if (turn is null)
                outdated[key] = session.Current;
        }
    }

    private async Task Apply(ComponentSession session, Claim claim, CancellationToken cancellation)
    {
        var handler = claim.Handler!;
        if (!claim.IsMade)
            await session.WriteFinalizer(ApiGroup.LifecycleFinalizer(handler.Name), present: true, cancellation);

        // The handler is called only if the spec is valid, its references are Ready, and an input of the handler changed.
        var component = session.Current;
        var needs = ComponentNeeds.Of(component, handlers.SchemaOf, () => new(cache.InNamespace(component.Metadata.Namespace!)));
        IReadOnlyList<Problem> problems = [.. SpecProblems.Of(component, claim), .. needs.Problems];
        if (problems.Count > 0)
        {
            await Refuse(session, problems, needs.AreOwn, cancellation);
            return;
        }

        if (needs.Waiting is { } wait)
        {
            await session.WriteStatus(c => ComponentStatusRules.Waiting(c, wait, time.GetUtcNow()), cancellation);
            queue.Forget(ObjectKey.Of(component.Metadata));
            return;
        }

        if (schedule.Begin(component, needs.Config!) is not { } call)
            return;

        // The handler that claimed the Component; StandardHandlers lists them.
        var answer = await calls.Run(handler.Apply, session, call, cancellation);
        await calls.WriteAnswer(ComponentStatusRules.AfterApply, session, answer, cancellation);
        schedule.End(call, session.Current, answer);
    }

    private async Task Delete(ComponentSession session, IComponentHandler handler, CancellationToken cancellation)
    {
        var component = session.Current;
        if (IsHeldByComposition(component))
            return;
        var config = ComponentNeeds.ResolveWhatIsReady(component, handler.Schema, () => new(cache.InNamespace(component.Metadata.Namespace!)));
        if (schedule.Begin(component, config) is not { } call)
            return;

        var answer = await calls.Run(handler.Delete, session, call, cancellation);

        if (answer is HandlerAnswer.Done)
        {
            await session.WriteFinalizer(ApiGroup.LifecycleFinalizer(handler.Name), present: false, cancellation);
            schedule.EndDeleted(ObjectKey.Of(component.Metadata));
            return;
        }

        await calls.WriteAnswer(ComponentStatusRules.AfterDelete, session, answer, cancellation);
        schedule.End(call, session.Current, answer);
    }

    /// <summary>Enqueues the Component that follows a changed object.</summary>
    public void OnFollowedChanged(ObjectKey key, ObjectId changed) => schedule.OnFollowedChanged(key, changed);

    /// <summary>Enqueues a changed Component, its followers, and the Components that wait for its outputs.</summary>
    public void OnChanged(ResourceChange<Component> change)
    {
        var key = change.Key;
        dependents.Set(key, change.After);
        queue.Add(key);
        schedule.OnChanged(key);
        foreach (var component in new[] { change.Before, change.After }.OfType<Component>().Where(StandaloneScope.IsStandalone))
        {
            foreach (var dependent in dependents.Of(key.Namespace, component.ReferenceName(), component.Metadata.Name))
                queue.Add(dependent);
        }
    }

    private async Task Refuse(ComponentSession session, IReadOnlyList<Problem> problems, bool areOwn, CancellationToken cancellation)
    {
        var answer = new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems);
        await session.WriteStatus(c => ComponentStatusRules.AfterApply(c, answer, time.GetUtcNow()), cancellation);
        schedule.EndRefused(ObjectKey.Of(session.Current.Metadata));
        if (areOwn)
            refused.Note(session.Current, Claim.Of(session.Current, handlers), session.History);
    }

    // ChangesExecutor.Release removes the finalizer once no dependent blocks the deletion; that change wakes this key.
    private static bool IsHeldByComposition(Component component) => component.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer);

    // The last try found that the store has a newer version: its event will wake this key.
    private bool IsOutdated(ObjectKey key, Component component)
    {
        if (outdated.TryGetValue(key, out var last) && ReferenceEquals(last, component))
            return true;
        outdated.TryRemove(key, out _);
        return false;
    }

    // Deleted, or no longer ours.
    private void Forget(ObjectKey key)
    {
        schedule.Forget(key);
        calls.Forget(key);
        outdated.TryRemove(key, out _);
        refused.Forget(key);
    }
}
