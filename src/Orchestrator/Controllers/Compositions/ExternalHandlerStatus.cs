using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// What is to be said of children that no handler of this process sees to: who is to do what, and that a timeout is over, which nobody else may be there
/// to say. Pure.
/// </summary>
internal sealed class ExternalHandlerStatus(CompositionFacts facts)
{
    /// <summary>That an object is not gone because of these finalizers, and who is to act.</summary>
    public static string HeldBy(IEnumerable<string> finalizers) => $"is held by the finalizer {string.Join(", ", finalizers)}: whoever put it there takes it off";

    /// <summary>When the first of the timeouts that are running is over; null where none is.</summary>
    public TimeSpan? LookAgain { get; private set; }

    /// <summary>Of one that is there and not ready; null where its handler runs here and speaks for itself.</summary>
    public (string Phase, string Message)? Standing(Component child, string phase, string? said)
    {
        var claimant = ApiGroup.Claimant(child.Metadata);
        if (facts.RunsHere(claimant ?? child.Spec.Handler))
            return null;
        said = said is { Length: > 0 } ? said
            : claimant is null ? $"no handler {child.Spec.Handler} is running here"
            : $"the handler {claimant} has claimed it and said nothing of it yet";
        return IsOver(facts.Since(child), child.Spec.DeploymentTimeout, out var timeout) ? (Phase.Failed, $"not ready after {timeout}: {said}") : (phase, said);
    }

    /// <summary>Of one that is going, or about to: who holds it.</summary>
    public (string Phase, string Message) Going(Component child, string otherwise)
    {
        var phase = child.Status?.Phase == Phase.TerminationFailed ? Phase.TerminationFailed : Phase.Terminating;
        // What the status said before the deletion is no news of the deletion.
        var said = child.Status?.Phase is Phase.Terminating or Phase.TerminationFailed ? child.Status.Message : null;
        if (!child.Metadata.IsTerminating || child.Metadata.HasFinalizer(ApiGroup.CoordinationFinalizer))
            return (phase, said ?? otherwise);

        var claimant = ApiGroup.Claimant(child.Metadata);
        if (claimant is not null && facts.RunsHere(claimant))
        {
            return child.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true"
                ? (phase, $"is paused: it goes once the annotation {ApiGroup.PausedAnnotation} is off")
                : (phase, said ?? otherwise);
        }

        said = said is { Length: > 0 } ? said
            : claimant is null ? HeldBy(child.Metadata.Finalizers ?? [])
            : $"no handler {claimant} is running here, and its finalizer {ApiGroup.LifecycleFinalizer(claimant)} holds it: run that handler, or take the finalizer off";
        return phase == Phase.Terminating && IsOver(child.Metadata.DeletionTimestamp!.Value, child.Spec.TerminationTimeout, out var timeout)
            ? (Phase.TerminationFailed, $"still there after {timeout}: {said}")
            : (phase, said);
    }

    private bool IsOver(DateTimeOffset since, string? limit, out string timeout)
    {
        var allowed = GoDuration.TryParse(limit, out var parsed) ? parsed : ComponentStatusRules.DefaultTimeout;
        timeout = GoDuration.ToText(allowed);
        var left = allowed - (facts.Now - since);
        if (left <= TimeSpan.Zero)
            return true;
        LookAgain = LookAgain is { } earlier && earlier < left ? earlier : left;
        return false;
    }
}
