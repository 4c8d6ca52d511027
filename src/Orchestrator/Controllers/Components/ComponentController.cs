using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// Reconciles Components with their handlers: claims, resolves references, applies, writes one status, deletes. It knows nothing of what a handler does. A
/// reconcile reads the current state, may be interrupted anywhere, and leaves Components of other handlers alone.
/// </summary>
internal sealed class ComponentController
{
    /// <summary>How long a handler may run before the status shows it as working.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(2);

    private readonly ResourceClient<Component> client;
    private readonly Informer<Component> cache;
    private readonly HandlerRegistry handlers;
    private readonly WorkQueue queue;
    private readonly ResourceWatches watches;
    private readonly ControllerContext context;
    private readonly ReconcileTracker tracker;
    private readonly FollowedChanges changes;
    private readonly PendingStatus pending = new();
    private readonly RetryPace pace;
    private readonly DependentsIndex dependents;
    // The Components to reconcile when another Component changes.
    private readonly KeyIndex<ObjectKey> followers = new();
    private readonly ConcurrentDictionary<ObjectKey, Component> outdated = new();
    private readonly RefusedSpecs refused = new();
    private readonly FairLock large = new();

    /// <summary>Creates a controller that adds the keys to reconcile to <paramref name="queue"/>.</summary>
    public ComponentController(
        IResourceStore store, Informer<Component> cache, HandlerRegistry handlers, WorkQueue queue, ResourceWatches watches, ControllerContext context)
    {
        client = new(store, ResourceType.Component, ApiJson.Default.Component);
        (this.cache, this.handlers, this.queue, this.watches, this.context) = (cache, handlers, queue, watches, context);
        tracker = new(context.Time);
        changes = new(context.Time);
        pace = new(context.Jitter);
        dependents = new(handlers.SchemaOf);
    }

    /// <summary>Enqueues the Component that follows a changed object.</summary>
    public void OnFollowedChanged(ObjectKey key, ObjectId changed) => queue.AddAfter(key, changes.Add(key, changed));

    /// <summary>Enqueues a changed Component, its followers, and the Components that wait for its outputs.</summary>
    public void OnChanged(ResourceChange<Component> change)
    {
        var key = change.Key;
        dependents.Set(key, change.After);
        queue.Add(key);
        foreach (var follower in followers.Of(key))
            OnFollowedChanged(follower, new(ResourceType.Component, key));
        foreach (var component in new[] { change.Before, change.After }.OfType<Component>().Where(StandaloneScope.IsStandalone))
        {
            foreach (var dependent in dependents.Of(key.Namespace, component.ReferenceName(), component.Metadata.Name))
                queue.Add(dependent);
        }
    }

    /// <summary>Reconciles one Component until nothing is left to do for now; later work goes into the queue.</summary>
    public async Task Reconcile(ObjectKey key, CancellationToken cancellation)
    {
        var history = cache.History;
        // Deleted, or no longer ours: drop everything kept for it.
        if (cache.Get(key) is not { } component || Claim.Of(component, handlers) is not { Handler: not null } claim)
        {
            tracker.Forget(key);
            changes.Forget(key);
            pending.Forget(key);
            pace.Forget(key);
            outdated.TryRemove(key, out _);
            refused.Forget(key);
            Follow(key, []);
            queue.Drop(key);
            return;
        }

        if (component.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
            return;
        // The last try found that the store has a newer version: its event will wake this key.
        if (outdated.TryGetValue(key, out var last) && ReferenceEquals(last, component))
            return;
        outdated.TryRemove(key, out _);
        if (refused.Has(component, claim, history))
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
        if (problems.Count > 0 || needs.Waiting is not null)
        {
            await session.WriteStatus(c => problems.Count > 0
                ? ComponentStatusRules.AfterApply(c, new HandlerAnswer.Failed(FailureKind.InvalidConfig, problems), context.Time.GetUtcNow())
                : ComponentStatusRules.Waiting(c, needs.Waiting!, context.Time.GetUtcNow()), cancellation);
            var key = ObjectKey.Of(component.Metadata);
            queue.Forget(key);
            if (problems.Count > 0)
            {
                // The watches are dropped; the next call of the handler registers its own again.
                tracker.Forget(key);
                Follow(key, []);
                if (needs.AreOwn)
                    refused.Note(session.Current, Claim.Of(session.Current, handlers), session.History);
            }

            return;
        }

        if (ReconcileTrigger.Of(component, needs.Config!, tracker, changes, queue) is not { } trigger)
            return;
        var begun = tracker.Begin(component);
        // The handler that spec.handler names; StandardHandlers lists them.
        var answer = await Call(handler.Apply, session, needs.Config!, trigger, cancellation);
        RecordEvents(session.Current, answer);
        await WriteAnswer(ComponentStatusRules.AfterApply, session, answer, cancellation);
        ScheduleNext(begun, session.Current, needs.Config!, trigger, answer);
    }

    private async Task Delete(ComponentSession session, IComponentHandler handler, CancellationToken cancellation)
    {
        var component = session.Current;
        var key = ObjectKey.Of(component.Metadata);
        if (component.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
            return;

        var config = ComponentNeeds.ResolveWhatIsReady(component, handler.Schema, () => new(cache.InNamespace(component.Metadata.Namespace!)));
        if (ReconcileTrigger.Of(component, config, tracker, changes, queue) is not { } trigger)
            return;
        var begun = tracker.Begin(component);
        var answer = await Call(handler.Delete, session, config, trigger, cancellation);
        RecordEvents(session.Current, answer);
        if (answer is HandlerAnswer.Done)
        {
            await session.WriteFinalizer(ApiGroup.LifecycleFinalizer(handler.Name), present: false, cancellation);
            tracker.Forget(key);
            changes.Forget(key);
            Follow(key, []);
            queue.Forget(key);
            return;
        }

        await WriteAnswer(ComponentStatusRules.AfterDelete, session, answer, cancellation);
        ScheduleNext(begun, session.Current, config, trigger, answer);
    }

    private async Task WriteAnswer(
        Func<Component, HandlerAnswer, DateTimeOffset, ComponentStatus> rule, ComponentSession session, HandlerAnswer answer, CancellationToken cancellation)
    {
        try
        {
            await session.WriteStatus(c => rule(c, answer, context.Time.GetUtcNow()), cancellation);
            pending.Forget(ObjectKey.Of(session.Current.Metadata));
        }
        catch (ResourceException)
        {
            pending.Keep(session.Current, answer);
            throw;
        }
    }

    private async Task<HandlerAnswer> Call(
        Func<HandlerRequest, CancellationToken, Task<HandlerAnswer>> call, ComponentSession session, JsonObject config, ReconcileTrigger trigger,
        CancellationToken cancellation)
    {
        Task Remember(JsonObject applied, CancellationToken stop) =>
            session.WriteStatus(c => ComponentStatusRules.Remembering(c, applied, context.Time.GetUtcNow()), stop);

        if (pending.Of(session.Current) is { } known)
            await Remember(known, cancellation);
        session.EndTurn();
        var request = new HandlerRequest
        {
            Component = session.Current,
            Config = config,
            Changed = trigger.Changed,
            Memo = trigger.Memo,
            Remember = Remember,
        };
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var work = call(request, cancellation);
        var sign = ShowSlowWork(work, session, done.Token, cancellation);
        try
        {
            return await work;
        }
        finally
        {
            await done.CancelAsync();
            await sign;
        }
    }

    private async Task ShowSlowWork(Task work, ComponentSession session, CancellationToken done, CancellationToken cancellation)
    {
        // The caller sees the end or the failure of the work.
        var slow = Task.Delay(SlowAfter, context.Time, done);
        await Task.WhenAny(work, slow);
        if (work.IsCompleted || !slow.IsCompletedSuccessfully)
            return;
        try
        {
            // Not cancelled when the work ends: a write that arrives anyway would make the next one a conflict.
            await session.WriteStatus(c => ComponentStatusRules.Working(c, context.Time.GetUtcNow()), cancellation);
        }
        catch (Exception e) when (e is ResourceException or OperationCanceledException)
        {
            // This status is only a sign of life: ignore a failure. The answer's own write shows whether the store works.
        }
    }

    private void ScheduleNext(object begun, Component component, JsonObject config, ReconcileTrigger trigger, HandlerAnswer answer)
    {
        var key = ObjectKey.Of(component.Metadata);
        changes.HoldBack(key, answer.Watches);
        Follow(key, answer.Watches);
        var isTransient = RetryPace.IsTransient(component, answer);
        var next = isTransient ? queue.Retry(key) : pace.After(component, config, answer);
        // A call for single changed objects does not postpone the next full call.
        if (trigger.FullCheckIn is { } all && !(next < all))
            next = all;
        tracker.Note(begun, component, config, answer.Memo, next);
        // Objects that changed after the handler read them and before it watched them.
        foreach (var changed in answer.Watches.Where(HasChanged))
            OnFollowedChanged(key, changed.Id);
        if (isTransient)
            return;
        queue.Forget(key);
        if (next is { } wait)
            queue.AddAfter(key, wait);
    }

    private void Follow(ObjectKey key, IReadOnlyList<WatchedResource> resources)
    {
        // Components come from the informer that the handlers read, too, so an event never precedes what they see.
        followers.Set(key, [.. resources.Where(r => r.Type == ResourceType.Component).Select(r => r.Key)]);
        watches.Set(key, [.. resources.Where(r => r.Type != ResourceType.Component)]);
    }

    private bool HasChanged(WatchedResource resource) => resource.Type == ResourceType.Component
        && resource.SeenVersion is { } seen && (cache.Get(resource.Key)?.Metadata.ResourceVersion ?? "0") != seen;

    // Before the status is written: that write may be refused, and the next call no longer knows what this one did.
    private void RecordEvents(Component component, HandlerAnswer answer)
    {
        foreach (var happened in answer.Events)
            context.Events.Record(component, happened);
    }
}
