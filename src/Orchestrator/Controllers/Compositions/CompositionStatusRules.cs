using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>Derives a Composition's status from its rows. Pure. Conditions have no times yet: see <see cref="Stamp"/>.</summary>
internal static class CompositionStatusRules
{
    /// <summary>Condition: something is in progress.</summary>
    public const string Progressing = "Progressing";

    /// <summary>Condition: something failed, and a user has to act.</summary>
    public const string Degraded = "Degraded";

    /// <summary>The status of a valid Composition.</summary>
    /// <param name="composition">The Composition.</param>
    /// <param name="rows">A row for each entry, and for each child to delete.</param>
    /// <param name="waits">Which entries wait for which others to become Ready or to be deleted.</param>
    public static CompositionStatus Of(
        Composition composition, IReadOnlyList<CompositionRow> rows, IReadOnlyDictionary<string, IReadOnlyList<string>> waits)
    {
        var failed = rows.FirstOrDefault(r => r.Phase is Phase.Failed or Phase.TerminationFailed);
        // A new child is Pending and has nothing to report.
        var onItsWay = rows.Where(r => r.Phase is Phase.Claimed or Phase.Deploying or Phase.Terminating
            || (r.Phase == Phase.Pending && r.Message is null && !waits.ContainsKey(r.Name))).ToList();
        // Prefer one that does not wait itself: the one it waits for is the cause.
        var moving = onItsWay.Find(r => !waits.ContainsKey(r.Name)) ?? onItsWay.FirstOrDefault();
        var held = rows.FirstOrDefault(r => r.Phase == Phase.Pending && !waits.ContainsKey(r.Name));
        var ready = !composition.Metadata.IsTerminating && rows.All(r => r.Phase == Phase.Ready);
        var phase = composition.Metadata.IsTerminating ? (failed is null ? Phase.Terminating : Phase.TerminationFailed)
            : ready ? Phase.Ready
            : failed is not null && moving is null ? Phase.Failed
            : moving is null && rows.All(r => r.Phase == Phase.Pending) ? Phase.Pending
            : Phase.Deploying;
        var message = ready ? $"{rows.Count} of {rows.Count} components are Ready"
            : composition.Metadata.IsTerminating && rows.Count == 0 ? Deleted(composition.Metadata)
            : Cause(failed ?? moving ?? held, waits);
        return With(composition, phase, ready ? "Ready" : failed is not null ? "ComponentFailed" : "ComponentsNotReady", message, failed is not null,
            moving is not null) with
        {
            Components = rows,
        };
    }

    /// <summary>
    /// The status after changes of which the store refused some, by child name. Only failures that a user has to fix are reported: a conflict or a lost
    /// connection is gone with the next retry.
    /// </summary>
    public static CompositionStatus WithRefusals(Composition composition, CompositionChanges changes, IReadOnlyDictionary<string, ResourceException> refused)
    {
        if (!refused.Values.Any(NeedsUserAction))
            return Of(composition, changes.Rows, changes.Waits);
        return Of(
            composition,
            [
                .. changes.Rows.Select(row => refused.GetValueOrDefault(row.Component) is { } refusal && NeedsUserAction(refusal)
                    ? row with { Phase = composition.Metadata.IsTerminating ? Phase.TerminationFailed : Phase.Failed,
                        Message = MessageText.Limit(refusal.Message) }
                    : row),
            ],
            changes.Waits);
    }

    /// <summary>The status of a Composition whose spec is invalid: its children stay as they are.</summary>
    /// <param name="composition">The Composition.</param>
    /// <param name="problems">All problems.</param>
    /// <param name="rows">A row for each existing child.</param>
    public static CompositionStatus Invalid(Composition composition, IReadOnlyList<Problem> problems, IReadOnlyList<CompositionRow> rows)
    {
        var status =
            With(composition, Phase.Failed, nameof(FailureKind.InvalidConfig), ComponentStatusRules.First(problems), degraded: true, progressing: false);
        var all = MessageText.Limit(string.Join("; ", problems), ComponentStatusRules.MaxProblemsBytes);
        return status with
        {
            Conditions = [.. status.Conditions!.Select(c => c.Type == Condition.Ready ? c with { Message = all } : c)],
            Components = rows,
        };
    }

    /// <summary>Sets the conditions' times: now if the status changed, otherwise the last one.</summary>
    public static CompositionStatus Stamp(CompositionStatus status, CompositionStatus? last, DateTimeOffset now) => status with
    {
        Conditions =
        [
            .. status.Conditions!.Select(c => c with
            {
                LastTransitionTime = last?.Conditions?.FirstOrDefault(l => l.Type == c.Type) is { } before && before.Status == c.Status
                    ? before.LastTransitionTime
                    : now,
            }),
        ],
    };

    /// <summary>Whether two statuses are equal.</summary>
    public static bool Same(CompositionStatus one, CompositionStatus? other) => other is not null
        && (one.Phase, one.Message, one.ObservedGeneration) == (other.Phase, other.Message, other.ObservedGeneration)
        && (one.Conditions ?? []).SequenceEqual(other.Conditions ?? [])
        && (one.Components ?? []).SequenceEqual(other.Components ?? []);

    private static bool NeedsUserAction(ResourceException refusal) => refusal.Error is ResourceError.Forbidden or ResourceError.Invalid;

    private static string Deleted(ObjectMeta metadata)
    {
        var held = (metadata.Finalizers ?? []).Where(f => f != ApiGroup.CoordinationFinalizer).ToList();
        return held.Count == 0 ? "deleted" : $"its components are deleted; it {ExternalHandlerStatus.HeldBy(held)}";
    }

    // The first cause, and the entry that waits for it: "app_credentials waits for database: no handler rds is running here".
    private static string Cause(CompositionRow? row, IReadOnlyDictionary<string, IReadOnlyList<string>> waits)
    {
        if (row is null)
            return "";
        var waiting = waits.Where(w => w.Value.Contains(row.Name, StringComparer.Ordinal)).Select(w => w.Key).Order(StringComparer.Ordinal).FirstOrDefault();
        return $"{(waiting is null ? "" : $"{waiting} waits for ")}{row.Name}: {row.Message ?? row.Phase}";
    }

    private static CompositionStatus With(Composition composition, string phase, string reason, string message, bool degraded, bool progressing)
    {
        message = MessageText.Limit(message);
        Condition Of(string type, bool holds) => new()
        {
            Type = type,
            Status = holds ? Condition.True : Condition.False,
            Reason = reason,
            Message = message,
            ObservedGeneration = composition.Metadata.Generation,
        };
        return new()
        {
            Phase = phase,
            Message = message,
            ObservedGeneration = composition.Metadata.Generation,
            Conditions = [Of(Condition.Ready, phase == Phase.Ready), Of(Progressing, progressing), Of(Degraded, degraded)],
        };
    }
}
