using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>Deletes a resource at once, or marks it until its last finalizer is removed.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/ and apiserver's registry/generic/registry/store.go.</remarks>
internal sealed class Deletion(ResourceTable table, TimeProvider time)
{
    /// <summary>Keeps an owner until its blocking dependents are deleted.</summary>
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <summary>Deletes. A resource that is already marked changes only if the propagation does.</summary>
    public void Delete(StoredResource resource, DeletePropagation propagation)
    {
        List<string> finalizers = [.. resource.Finalizers.Where(f => f is not (ForegroundFinalizer or ObjectMeta.OrphanFinalizer))];
        if (propagation == DeletePropagation.Foreground)
            finalizers.Add(ForegroundFinalizer);
        else if (propagation == DeletePropagation.Orphan)
            finalizers.Add(ObjectMeta.OrphanFinalizer);

        if (finalizers.Count == 0 && !resource.Id.IsNamespace)
            table.Remove(resource);
        else if (!resource.Metadata.IsTerminating || !finalizers.SequenceEqual(resource.Finalizers))
            Mark(resource, finalizers);
    }

    /// <summary>Writes a changed resource, or removes it if the change removed the last finalizer of a terminating one.</summary>
    /// <returns>The resource as changed; a removed one has its old resourceVersion, as in Kubernetes' answer.</returns>
    public StoredResource Write(StoredResource before, JsonObject after)
    {
        // A Namespace's contents hold it too: the garbage collector removes it.
        if (before.Metadata.IsTerminating && after["metadata"]!["finalizers"] is null && !before.Id.IsNamespace)
        {
            table.Remove(before);
            return new(after);
        }

        return table.Put(after);
    }

    /// <summary>Removes one finalizer.</summary>
    public void Release(StoredResource resource, string finalizer)
    {
        var after = resource.Copy();
        SetFinalizers(after, resource.Finalizers.Where(f => f != finalizer));
        Write(resource, after);
    }

    private void Mark(StoredResource resource, IEnumerable<string> finalizers)
    {
        var marked = resource.Copy();
        SetFinalizers(marked, finalizers);
        if (!resource.Metadata.IsTerminating)
        {
            var metadata = marked["metadata"]!;
            metadata["deletionTimestamp"] = TimestampConverter.ToText(time.GetUtcNow());
            metadata["deletionGracePeriodSeconds"] = 0;
            metadata["generation"] = resource.Metadata.Generation + 1;
            if (resource.Id.IsNamespace)
                marked["status"] = new JsonObject { ["phase"] = "Terminating" };
        }

        table.Put(marked);
    }

    private static void SetFinalizers(JsonObject resource, IEnumerable<string> finalizers)
    {
        var list = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]);
        if (list.Count > 0)
            resource["metadata"]!["finalizers"] = list;
        else
            resource["metadata"]!.AsObject().Remove("finalizers");
    }
}
