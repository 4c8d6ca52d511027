using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Since when a Component has been waiting for something that comes without an edit of its spec. Pure.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Deadline">The deployment timeout; null where none runs, as while it waits for other Components.</param>
internal sealed record ComponentWait(DateTimeOffset Since, Deadline? Deadline)
{
    /// <summary>The wait of a Component; null where it is Ready, has to be mended, or is being deleted.</summary>
    public static ComponentWait? Of(Component component)
    {
        var (metadata, status) = (component.Metadata, component.Status);
        if (metadata.IsTerminating || status?.Condition(Condition.Ready) is not { Status: not Condition.True, LastTransitionTime: { } since } ready)
            return null;
        var isDeploying = ComponentStatusRules.IsDeploying(ready);
        if (!isDeploying && status.Phase is not (Phase.Pending or Phase.Claimed or Phase.Deploying))
            return null;
        // A new spec has its own timeout, from when it is first worked on.
        var isTimed = isDeploying && ready.ObservedGeneration == metadata.Generation;
        return new(since, isTimed ? Components.Deadline.Of(since, component.Spec.DeploymentTimeout) : null);
    }
}
