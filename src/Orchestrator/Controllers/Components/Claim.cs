using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Whose work a Component is, read from its finalizers and its <c>spec.handler</c>: pure.</summary>
/// <param name="Handler">The handler of this process that is to work on it; null where it is not ours.</param>
/// <param name="IsMade">The handler's finalizer is on it.</param>
/// <param name="HandlerChanged"><c>spec.handler</c> names another handler than the one that claimed it.</param>
internal readonly record struct Claim(IComponentHandler? Handler, bool IsMade, bool HandlerChanged)
{
    /// <summary>Reads the claim.</summary>
    public static Claim Of(Component component, HandlerRegistry handlers)
    {
        if (ApiGroup.Claimant(component.Metadata) is { } holder)
            return new(handlers.Find(holder), IsMade: true, HandlerChanged: holder != component.Spec.Handler);
        return new(component.Metadata.IsTerminating ? null : handlers.Find(component.Spec.Handler), IsMade: false, HandlerChanged: false);
    }
}
