using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>How long a Component has waited for something that needs no edit of its spec. Pure.</summary>
/// <param name="Since">When the wait began.</param>
/// <param name="Deadline">The deployment timeout; null if none runs, as while it waits for other Components.</param>
internal sealed record ComponentWait(DateTimeOffset Since, Deadline? Deadline)
{
    /// <summary>The wait of a Component; null if it is Ready, needs an edit, or is terminating.</summary>
    public static ComponentWait? Of(Component component)
    {
        var (metadata, status) = (component.Metadata, component.Status);
        if (metadata.IsTerminating || status?.Condition(Condition.Ready) is not { Status: not Condition.True, LastTransitionTime: { } since } ready)
            return null;
        var isDeploying = ComponentStatusRules.IsDeploying(ready);
        if (!isDeploying && status.Phase is not (Phase.Pending or Phase.Claimed or Phase.Deploying))
            return null;
        // A new spec has a timeout of its own, counted from its first reconcile.
        var isTimed = isDeploying && ready.ObservedGeneration == metadata.Generation;
        return new(since, isTimed ? Components.Deadline.Of(since, component.Spec.DeploymentTimeout) : null);
    }
}
