using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Why a handler is called now.</summary>
/// <param name="Changed">The followed objects whose changes are the only reason; null where it is to look at everything.</param>
/// <param name="Memo">What it left at its last call for the same inputs.</param>
/// <param name="FullLookIn">When it is next to look at everything, where this is a look at some objects alone; null otherwise, or never.</param>
internal sealed record ReconcileTrigger(IReadOnlySet<ObjectId>? Changed, object? Memo, TimeSpan? FullLookIn)
{
    /// <summary>The reason, or null where there is none; the key then comes again when there will be one.</summary>
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
