using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Why a handler is called.</summary>
/// <param name="Changed">The watched objects that changed, if they are the only reason; null to check everything.</param>
/// <param name="Memo">The memo of its last call with the same inputs.</param>
/// <param name="FullCheckIn">When the next full check is due, if this call checks single objects only; null otherwise, or for never.</param>
internal sealed record ReconcileTrigger(IReadOnlySet<ObjectId>? Changed, object? Memo, TimeSpan? FullCheckIn)
{
    /// <summary>The reason, or null if there is none; the key is then queued for when there will be one.</summary>
    public static ReconcileTrigger? Of(Component component, JsonObject config, ReconcileTracker tracker, FollowedChanges changes, WorkQueue queue)
    {
        var key = ObjectKey.Of(component.Metadata);
        var memo = tracker.Memo(component, config);
        if (!tracker.IsUpToDate(component, config, out var dueIn))
        {
            changes.Clear(key);
            return new(null, memo, null);
        }

        var changed = changes.Take(key, out var next);
        if (dueIn is { } due)
            queue.AddAfter(key, due);
        if (next is { } wait)
            queue.AddAfter(key, wait);
        return changed.Count > 0 ? new(changed, memo, dueIn) : null;
    }
}
