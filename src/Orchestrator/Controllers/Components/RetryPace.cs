using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>When a handler is called next, given its answer.</summary>
/// <param name="jitter">A new random number in [0, 1) at each call.</param>
internal sealed class RetryPace(Func<double> jitter)
{
    // The delay after a failure that a user has to fix, before jitter; for denials see DeniedBackoff.
    private static readonly TimeSpan RetryFailedAfter = TimeSpan.FromMinutes(5);

    private readonly DeniedBackoff denied = new();

    /// <summary>Whether the queue's exponential backoff decides.</summary>
    public static bool IsTransient(Component component, HandlerAnswer answer) =>
        answer is HandlerAnswer.Failed { Kind: FailureKind.Transient } && !IsOver(component);

    /// <summary>The delay until the next call; null if only a change causes one.</summary>
    /// <param name="component">The Component, with the status that follows from the answer.</param>
    /// <param name="config">The config of the call.</param>
    /// <param name="answer">The answer; not a transient failure.</param>
    public TimeSpan? After(Component component, JsonObject config, HandlerAnswer answer)
    {
        var key = ObjectKey.Of(component.Metadata);
        // A deletion generates no values, and blocks the deletion of its namespace.
        var isDenied = !component.Metadata.IsTerminating && answer is HandlerAnswer.Failed { RecheckAfter: null } failed
            && (failed.Kind == FailureKind.Denied || failed is { Kind: FailureKind.Rejected, IsCostly: true });
        if (!isDenied)
            denied.Forget(key);
        return answer switch
        {
            HandlerAnswer.Failed { Kind: FailureKind.InvalidConfig } => null,
            _ when isDenied => Jittered(denied.Next(key, ReconcileTracker.Inputs(component, config))),
            HandlerAnswer.Failed { RecheckAfter: { } soon } => Jittered(soon),
            _ when answer is HandlerAnswer.Failed || IsOver(component) => Jittered(RetryFailedAfter),
            HandlerAnswer.InProgress progress => progress.RecheckAfter,
            HandlerAnswer.Done done => done.RecheckAfter,
            _ => null,
        };
    }

    /// <summary>Drops the record of a Component that is gone.</summary>
    public void Forget(ObjectKey key) => denied.Forget(key);

    private static bool IsOver(Component component) => component.Status?.Phase is Phase.Failed or Phase.TerminationFailed;

    private TimeSpan Jittered(TimeSpan delay) => delay * (1 + (jitter() / 5));
}
