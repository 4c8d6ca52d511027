using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The status of children whose handler runs in another process: who has to act, and that a timeout expired, which that process may never report. Pure.
/// </summary>
internal sealed class ExternalHandlerStatus(CompositionFacts facts)
{
    /// <summary>Says which finalizers keep an object, and who has to act.</summary>
    public static string HeldBy(IEnumerable<string> finalizers) => $"is held by the finalizer {string.Join(", ", finalizers)}: only its owner should remove it";

    /// <summary>When the first running timeout expires; null if there is none.</summary>
    public TimeSpan? RecheckAfter { get; private set; }

    /// <summary>The status of a child that is neither Ready nor terminating; null if its handler runs here and reports itself.</summary>
    /// <param name="child">The child.</param>
    /// <param name="phase">Its phase.</param>
    /// <param name="reported">What its status reports for its current spec.</param>
    public (string Phase, string Message)? OfDeploying(Component child, string phase, string? reported)
    {
        if (facts.RunsHere(child.ManagingHandler()))
            return null;
        var message = reported is { Length: > 0 } ? reported
            : ApiGroup.Claimant(child.Metadata) is { } claimant ? $"the handler {claimant} has claimed it and has not reported a status yet"
            : $"no handler {child.Spec.Handler} is running here";
        var deadline = Deadline.Of(facts.Since(child), child.Spec.DeploymentTimeout);
        return IsPast(deadline) ? (Phase.Failed, $"not ready after {deadline.TimeoutText}: {message}") : (phase, message);
    }

    /// <summary>The status of a child that is terminating, or about to be deleted: what keeps it.</summary>
    /// <param name="child">The child.</param>
    /// <param name="otherwise">The message if there is no better one.</param>
    public (string Phase, string Message) OfTerminating(Component child, string otherwise)
    {
        var phase = child.Status?.Phase == Phase.TerminationFailed ? Phase.TerminationFailed : Phase.Terminating;
        // A status from before the deletion does not describe the deletion.
        var reported = child.Status?.Phase is Phase.Terminating or Phase.TerminationFailed ? child.Status.Message : null;
        if (!child.Metadata.IsTerminating || child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
            return (phase, reported ?? otherwise);

        var claimant = ApiGroup.Claimant(child.Metadata);
        if (claimant is not null && facts.RunsHere(claimant))
        {
            return child.Metadata.IsPaused
                ? (phase, $"is paused: remove the annotation {ApiGroup.PausedAnnotation} to delete it")
                : (phase, reported ?? otherwise);
        }

        var message = reported is { Length: > 0 } ? reported
            : claimant is null ? HeldBy(child.Metadata.Finalizers ?? [])
            : $"no handler {claimant} is running here, and its finalizer {ApiGroup.LifecycleFinalizer(claimant)} holds it: run that handler, or remove "
                + $"the finalizer";
        var deadline = Deadline.Of(child.Metadata.DeletionTimestamp!.Value, child.Spec.TerminationTimeout);
        return phase == Phase.Terminating && IsPast(deadline)
            ? (Phase.TerminationFailed, $"still there after {deadline.TimeoutText}: {message}")
            : (phase, message);
    }

    private bool IsPast(Deadline deadline)
    {
        var left = deadline.Left(facts.Now);
        if (left <= TimeSpan.Zero)
            return true;
        RecheckAfter = RecheckAfter is { } earlier && earlier < left ? earlier : left;
        return false;
    }
}
