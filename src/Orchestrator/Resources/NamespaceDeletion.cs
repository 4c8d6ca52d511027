namespace DeploymentOrchestrator.Resources;

/// <summary>
/// Whether a Namespace is terminating. The namespace controller deletes its contents kind by kind, in no particular order and with minutes between two
/// kinds on a busy control plane: a Component may be terminating long before the Composition that names it is.
/// </summary>
/// <remarks>Source: Kubernetes, Namespaces, https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/.</remarks>
/// <param name="store">The store of the Namespaces; null if none is ever deleted.</param>
internal sealed class NamespaceDeletion(IResourceStore? store)
{
    /// <summary>Whether it is being deleted. False for a Namespace that does not exist: an embedded store needs none.</summary>
    /// <exception cref="ResourceException">The store refuses: Forbidden without the right to get namespaces.</exception>
    public async Task<bool> IsUnderway(string @namespace, CancellationToken cancellation) =>
        store is not null
        && await store.Get(ResourceType.Namespace, new(null, @namespace), cancellation) is { } found
        && found["metadata"]?["deletionTimestamp"] is not null;
}
