using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>The order in which a restore creates the kinds.</summary>
public enum RestoreOrder
{
    /// <summary>Sorted by kind, as Velero does.</summary>
    ComponentsFirst,

    /// <summary>Owners before what they own.</summary>
    CompositionsFirst,

    /// <summary>Alternating.</summary>
    Mixed,
}

/// <summary>Resources as `kubectl get -o json` shows them. A restore creates them with new uids, in any order.</summary>
/// <param name="Resources">The Components and Compositions, complete with metadata and status.</param>
internal sealed record Backup(IReadOnlyList<JsonObject> Resources)
{
    private static readonly ResourceType[] Types = [ResourceType.Component, ResourceType.Composition];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Backs up some namespaces.</summary>
    public static async Task<Backup> Of(IResourceStore store, params IReadOnlyList<string> namespaces)
    {
        var all = new List<JsonObject>();
        foreach (var ns in namespaces)
        {
            foreach (var type in Types)
                all.AddRange((await store.List(type, ns, Cancellation)).Items.Select(i => i.DeepClone().AsObject()));
        }

        return new(all);
    }

    /// <summary>Deletes all of them with their finalizers stripped, children before their owners. No controller may be running.</summary>
    public static async Task Wipe(IResourceStore store, params IReadOnlyList<string> namespaces)
    {
        foreach (var type in Types)
        {
            foreach (var ns in namespaces)
            {
                await Parallel.ForEachAsync((await store.List(type, ns, Cancellation)).Items, Cancellation, async (resource, stop) =>
                {
                    resource["metadata"]!.AsObject().Remove("finalizers");
                    await store.Replace(resource, stop);
                    // A terminating resource is deleted with its last finalizer.
                    if (resource["metadata"]!["deletionTimestamp"] is null)
                        await store.Delete(type, ObjectKey.Of(resource), new(), stop);
                });
            }
        }
    }

    /// <summary>Restores them. An existing resource is left unchanged, as by Velero.</summary>
    /// <param name="store">The store to restore into.</param>
    /// <param name="order">The order of the kinds.</param>
    /// <param name="withOwners">Whether owner references are restored, with uids that no longer exist.</param>
    /// <param name="withStatus">Whether the status is restored.</param>
    /// <param name="label">Whether each resource gets Velero's label.</param>
    /// <param name="between">An action between two kinds.</param>
    public async Task Restore(IResourceStore store, RestoreOrder order, bool withOwners, bool withStatus, bool label = false, Func<Task>? between = null)
    {
        if (order == RestoreOrder.Mixed)
        {
            foreach (var resource in Resources.OrderBy(r => string.Join("", ObjectKey.Of(r).Name.Reverse()), StringComparer.Ordinal))
                await Restore(store, resource, withOwners, withStatus, label, Cancellation);
            return;
        }

        var byKind = Resources.ToLookup(ResourceType.Of);
        foreach (var type in order == RestoreOrder.ComponentsFirst ? Types : Types.Reverse())
        {
            await Parallel.ForEachAsync(byKind[type], Cancellation, async (resource, stop) =>
                await Restore(store, resource, withOwners, withStatus, label, stop));
            if (between is not null)
                await between();
        }
    }

    private static async Task Restore(IResourceStore store, JsonObject resource, bool withOwners, bool withStatus, bool label, CancellationToken cancellation)
    {
        var restored = resource.DeepClone().AsObject();
        var metadata = restored["metadata"]!.AsObject();
        foreach (var field in (string[])["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields", "selfLink"])
            metadata.Remove(field);
        if (!withOwners)
            metadata.Remove("ownerReferences");
        if (label)
        {
            metadata["labels"] ??= new JsonObject();
            metadata["labels"]!["velero.io/restore-name"] = "nightly";
        }

        restored.Remove("status");
        try
        {
            await store.Create(restored, cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.AlreadyExists)
        {
            // The controllers created it first.
            return;
        }

        while (withStatus && resource["status"] is { } status
            && await store.Get(ResourceType.Of(resource), ObjectKey.Of(resource), cancellation) is { } created)
        {
            created["status"] = status.DeepClone();
            try
            {
                await store.ReplaceStatus(created, cancellation);
                return;
            }
            catch (ResourceException e) when (e.Error is ResourceError.Conflict or ResourceError.NotFound)
            {
                // It was changed or deleted in between.
            }
        }
    }
}
