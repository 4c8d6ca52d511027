using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>When the handler of each Component is called: at a change of its inputs or of what it follows, and when its answer says.</summary>
internal sealed class CallSchedule(Informer<Component> cache, WorkQueue queue, ResourceWatches watches, ControllerContext context)
{
    private readonly ReconcileTracker tracker = new(context.Time);
    private readonly FollowedChanges changes = new(context.Time);
    private readonly RetryPace pace = new(context.Jitter);
    // The Components to reconcile when another Component changes.
    private readonly KeyIndex<ObjectKey> followers = new();

    /// <summary>The call that is due now; null if there is none, and the key is queued for when there will be one.</summary>
    public ScheduledCall? Begin(Component component, JsonObject config) =>
        ReconcileTrigger.Of(component, config, tracker, changes, queue) is { } trigger ? new(config, trigger, tracker.Begin(component)) : null;

    /// <summary>Schedules the next call by the answer of this one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="component">The Component with the status that follows from the answer.</param>
    /// <param name="answer">The answer.</param>
    public void End(ScheduledCall call, Component component, HandlerAnswer answer)
    {
        var key = ObjectKey.Of(component.Metadata);
        changes.HoldBack(key, answer.Watches);
        Follow(key, answer.Watches);
        var isTransient = RetryPace.IsTransient(component, answer);
        var next = isTransient ? queue.Retry(key) : pace.After(component, call.Config, answer);
        // A call for single changed objects does not postpone the next full call.
        if (call.Trigger.FullCheckIn is { } all && !(next < all))
            next = all;
        tracker.Note(call.Begun, component, call.Config, answer.Memo, next);
        // Objects that changed after the handler read them and before it watched them.
        foreach (var changed in answer.Watches.Where(HasChanged))
            OnFollowedChanged(key, changed.Id);
        if (isTransient)
            return;
        queue.Forget(key);
        if (next is { } wait)
            queue.AddAfter(key, wait);
    }

    /// <summary>
    /// No call follows until the spec, or what it refers to, changes. The watches are dropped; the next call of the handler registers its own again.
    /// </summary>
    public void EndRefused(ObjectKey key)
    {
        queue.Forget(key);
        tracker.Forget(key);
        Follow(key, []);
    }

    /// <summary>No call follows: the handler has deleted what it made.</summary>
    public void EndDeleted(ObjectKey key)
    {
        EndRefused(key);
        changes.Forget(key);
    }

    /// <summary>Drops everything that is kept for a Component that is gone, or no longer ours.</summary>
    public void Forget(ObjectKey key)
    {
        tracker.Forget(key);
        changes.Forget(key);
        pace.Forget(key);
        Follow(key, []);
        queue.Drop(key);
    }

    /// <summary>Enqueues the Component that follows a changed object.</summary>
    public void OnFollowedChanged(ObjectKey key, ObjectId changed) => queue.AddAfter(key, changes.Add(key, changed));

    /// <summary>Enqueues the Components that follow a changed one.</summary>
    public void OnChanged(ObjectKey key)
    {
        foreach (var follower in followers.Of(key))
            OnFollowedChanged(follower, new(ResourceType.Component, key));
    }

    private void Follow(ObjectKey key, IReadOnlyList<WatchedResource> resources)
    {
        // Components come from the informer that the handlers read, too, so an event never precedes what they see.
        followers.Set(key, [.. resources.Where(r => r.Type == ResourceType.Component).Select(r => r.Key)]);
        watches.Set(key, [.. resources.Where(r => r.Type != ResourceType.Component)]);
    }

    private bool HasChanged(WatchedResource resource) => resource.Type == ResourceType.Component
        && resource.SeenVersion is { } seen && (cache.Get(resource.Key)?.Metadata.ResourceVersion ?? "0") != seen;
}

/// <summary>A call of a handler that is due.</summary>
/// <param name="Config">The resolved config.</param>
/// <param name="Trigger">Why it is due.</param>
/// <param name="Begun">What <see cref="ReconcileTracker.Begin"/> returned for it.</param>
internal sealed record ScheduledCall(JsonObject Config, ReconcileTrigger Trigger, object Begun);
