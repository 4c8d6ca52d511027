using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// Processes every write until nothing is left to collect: dependents of deleted resources, owners that wait for dependents, Namespaces that wait for their
/// contents. In a cluster kube-controller-manager does this some time later; here it is done before the write returns.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/ and pkg/controller/garbagecollector.</remarks>
internal sealed class GarbageCollector(ResourceTable table, Deletion deletion)
{
    public void Run()
    {
        while (table.Changes.TryDequeue(out var change))
        {
            if (change.After is not null)
                Review(change.After.Id);
            else
                Follow(change.Before!);

            // Its owners may have waited for this dependent to be deleted or to change owners.
            foreach (var owner in change.Before?.Owners ?? [])
            {
                if (table.Find(owner.Uid) is { Metadata.IsTerminating: true } waiting)
                    Review(waiting.Id);
            }
        }
    }

    private void Follow(StoredResource gone)
    {
        foreach (var dependent in table.DependentsOf(gone.Uid))
            Review(dependent.Id);
        if (gone.Id.Key.Namespace is { } name)
            Review(ResourceId.Namespace(name));
    }

    private void Review(ResourceId id)
    {
        if (table.Find(id) is not { } resource)
            return;
        if (!resource.Metadata.IsTerminating)
            CollectIfOrphaned(resource);
        else if (resource.Finalizers.Contains(ObjectMeta.OrphanFinalizer))
            OrphanDependents(resource);
        else if (resource.Finalizers.Contains(Deletion.ForegroundFinalizer))
            DeleteDependents(resource);
        else if (id.IsNamespace)
            Empty(resource);
    }

    private void CollectIfOrphaned(StoredResource dependent)
    {
        if (dependent.Owners.Count == 0 || (dependent.Id.Key.Namespace is null && dependent.Owners.Any(IsNamespaced)))
            return;
        var owners = dependent.Owners.Select(reference => (reference, owner: OwnerOf(dependent, reference))).ToList();
        var solid = owners.Where(o => o.owner is not null && !WaitsForDependents(o.owner)).Select(o => o.reference).ToList();
        if (solid.Count > 0)
            SetOwners(dependent, solid);
        else
            deletion.Delete(dependent, owners.Exists(o => o.owner is not null) && CanWait(dependent)
                ? DeletePropagation.Foreground : DeletePropagation.Background);
    }

    // If one of its dependents already waits, they form a cycle, and all would wait forever.
    private bool CanWait(StoredResource resource) =>
        table.DependentsOf(resource.Uid) is { Count: > 0 } dependents && !dependents.Any(WaitsForDependents);

    private void OrphanDependents(StoredResource owner)
    {
        foreach (var dependent in table.DependentsOf(owner.Uid))
            SetOwners(dependent, [.. dependent.Owners.Where(o => o.Uid != owner.Uid)]);
        deletion.Release(owner, ObjectMeta.OrphanFinalizer);
    }

    private void DeleteDependents(StoredResource owner)
    {
        foreach (var dependent in table.DependentsOf(owner.Uid).Where(d => !d.Metadata.IsTerminating))
            CollectIfOrphaned(dependent);
        if (!table.DependentsOf(owner.Uid).Any(d => d.Owners.Any(o => o.Uid == owner.Uid && o.BlockOwnerDeletion == true)))
            deletion.Release(owner, Deletion.ForegroundFinalizer);
    }

    private void Empty(StoredResource terminating)
    {
        var contents = table.InNamespace(terminating.Id.Key.Name).ToList();
        foreach (var resource in contents.Where(r => !r.Metadata.IsTerminating))
            deletion.Delete(resource, DeletePropagation.Background);
        if (terminating.Finalizers.Count == 0 && !table.InNamespace(terminating.Id.Key.Name).Any())
            table.Remove(terminating);
    }

    // An owner is one only with this uid, of this kind and name, in the same namespace or in none.
    private StoredResource? OwnerOf(StoredResource dependent, OwnerReference reference)
    {
        if (table.Find(reference.Uid) is not { } owner)
            return null;
        var type = ResourceType.Of(reference.ApiVersion, reference.Kind);
        var isNamed = owner.Id.Group == type.Group && owner.Id.Kind == type.Kind && owner.Id.Key.Name == reference.Name;
        return isNamed && (owner.Id.Key.Namespace is null || owner.Id.Key.Namespace == dependent.Id.Key.Namespace) ? owner : null;
    }

    // Such an owner of a cluster-scoped dependent cannot be looked up: Kubernetes ignores it.
    private static bool IsNamespaced(OwnerReference owner) => ResourceScope.IsNamespaced(ResourceType.Of(owner.ApiVersion, owner.Kind)) == true;

    private static bool WaitsForDependents(StoredResource owner) =>
        owner.Metadata.IsTerminating && owner.Finalizers.Contains(Deletion.ForegroundFinalizer);

    private void SetOwners(StoredResource dependent, List<OwnerReference> owners)
    {
        if (owners.Count == dependent.Owners.Count)
            return;
        var kept = owners.Select(o => o.Uid).ToHashSet();
        var after = dependent.Copy();
        var list =
            new JsonArray([.. after["metadata"]!["ownerReferences"]!.AsArray().Where(o => kept.Contains((string)o!["uid"]!)).Select(o => o!.DeepClone())]);
        if (list.Count > 0)
            after["metadata"]!["ownerReferences"] = list;
        else
            after["metadata"]!.AsObject().Remove("ownerReferences");
        deletion.Write(dependent, after);
    }
}
