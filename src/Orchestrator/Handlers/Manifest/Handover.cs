using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Who takes over what one Component releases.</summary>
/// <param name="owner">The Component.</param>
/// <param name="desired">Who wants what; null where nobody else is known.</param>
/// <param name="namespaces">Which Namespaces are terminating: nobody inherits there.</param>
/// <param name="found">Called with each heir: for a plan. Null elsewhere.</param>
internal sealed class Handover(ObjectOwner owner, DesiredObjects? desired, NamespaceDeletion namespaces, Action<InventoryEntry, Heir>? found)
{
    /// <summary>Who is to have an object of the Component; null where it is to be deleted.</summary>
    public async Task<Heir?> HeirOf(InventoryEntry entry, CancellationToken cancellation)
    {
        if (desired?.HeirOf(owner, entry) is not { } heir || await IsNamespaceTerminating(cancellation))
            return null;
        found?.Invoke(entry, heir);
        return heir;
    }

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
