using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Finds the heirs of the objects that one Component releases.</summary>
/// <param name="owner">The Component.</param>
/// <param name="desired">The Components and entries that want objects; null if no others are known.</param>
/// <param name="namespaces">Which Namespaces are terminating: there objects have no heir.</param>
internal sealed class Handover(ObjectOwner owner, DesiredObjects? desired, NamespaceDeletion namespaces)
{
    /// <summary>The heir of an object of the Component; null to delete the object.</summary>
    public async Task<Heir?> HeirOf(InventoryEntry entry, CancellationToken cancellation) =>
        desired?.HeirOf(owner, entry) is { } heir && !await IsNamespaceTerminating(cancellation) ? heir : null;

    /// <summary>Whether another Component owns an object because it lists it: it was handed over.</summary>
    public bool IsTakenBy(ObjectOwner other, InventoryEntry entry) => other.Namespace == owner.Namespace && desired?.MayWant(other, entry) == true;

    // Without the right to read the Namespace the object is kept: if the Namespace is terminating, the object is deleted with it.
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
