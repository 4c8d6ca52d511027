using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Who takes over what one Component releases.</summary>
/// <param name="owner">The Component.</param>
/// <param name="desired">Who wants what; null where nobody else is known.</param>
/// <param name="namespaces">Which Namespaces are terminating: nobody inherits there.</param>
internal sealed class Handover(ObjectOwner owner, DesiredObjects? desired, NamespaceDeletion namespaces)
{
    /// <summary>Who is to have an object of the Component; null where it is to be deleted.</summary>
    public async Task<Heir?> HeirOf(InventoryEntry entry, CancellationToken cancellation) =>
        desired?.HeirOf(owner, entry) is { } heir && !await IsNamespaceTerminating(cancellation) ? heir : null;

    /// <summary>Whether another Component has an object because it lists it: it was handed over.</summary>
    public bool IsTakenBy(ObjectOwner other, InventoryEntry entry) => other.Namespace == owner.Namespace && desired?.MayWant(other, entry) == true;

    // Whoever may not look at the Namespace keeps the object: where it is terminating, the object goes with it.
    private async Task<bool> IsNamespaceTerminating(CancellationToken cancellation)
    {
        try
        {
            return await namespaces.IsUnderway(owner.Namespace, cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.Forbidden)
        {
            return false;
        }
    }
}
