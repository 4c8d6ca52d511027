using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Life;

/// <summary>The order in which a restore brings the kinds.</summary>
public enum RestoreOrder
{
    /// <summary>By name of the kind, as Velero does.</summary>
    ComponentsFirst,

    /// <summary>Owners before what they own.</summary>
    CompositionsFirst,

    /// <summary>One here, one there.</summary>
    Mixed,
}

/// <summary>Resources as `kubectl get -o json` shows them, which come back in another life: with new uids, in any order.</summary>
/// <param name="Resources">The Components and Compositions, with everything that the store knows of them.</param>
internal sealed record Backup(IReadOnlyList<JsonObject> Resources)
{
    private static readonly ResourceType[] Types = [ResourceType.Component, ResourceType.Composition];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Takes one of some namespaces.</summary>
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

    /// <summary>Deletes all of them with their finalizers stripped, children before their owners: no controller may be at work.</summary>
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
                    // One that was being deleted went with its last finalizer.
                    if (resource["metadata"]!["deletionTimestamp"] is null)
                        await store.Delete(type, ObjectKey.Of(resource), new(), stop);
                });
            }
        }
    }

    /// <summary>Restores them. An existing resource is left as it is, as Velero does.</summary>
    /// <param name="store">Where.</param>
    /// <param name="order">In which order.</param>
    /// <param name="withOwners">Whether owner references are restored, with uids that no longer exist.</param>
    /// <param name="withStatus">Whether the status does.</param>
    /// <param name="label">Whether each has Velero's label.</param>
    /// <param name="between">What is done between two kinds.</param>
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
            // The controllers were faster.
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
                // Somebody wrote in between, or took it away.
            }
        }
    }
}
