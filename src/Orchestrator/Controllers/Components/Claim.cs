using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>Which handler owns a Component, read from its finalizers and <c>spec.handler</c>. Pure.</summary>
/// <param name="Handler">The handler of this process that owns it; null if it belongs to another process.</param>
/// <param name="IsMade">Whether the handler's finalizer is set.</param>
/// <param name="HandlerChanged">Whether <c>spec.handler</c> names another handler than the one that claimed it.</param>
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
