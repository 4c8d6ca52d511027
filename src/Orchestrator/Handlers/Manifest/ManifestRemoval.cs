using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Deletes objects of an inventory in reverse order, each once the one after it no longer exists. An object that another Component lists is handed over
/// instead: a living Component keeps it in its inventory until the heir has taken it over, and a terminating one leaves it in place.
/// </summary>
/// <param name="scope">The account and namespaces of the objects.</param>
/// <param name="owner">The Component.</param>
/// <param name="handover">Finds their heirs.</param>
/// <param name="sinceDeletion">How long the Component has been terminating; null if it is not.</param>
internal sealed class ManifestRemoval(ApplyScope scope, ObjectOwner owner, Handover handover, TimeSpan? sinceDeletion)
{
    /// <summary>How long a deletion waits for an entry's references to show whether it lists an object. Then it leaves the object in place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly IResourceStore store = scope.Store;
    private readonly List<ObjectAction> actions = [];
    private readonly Dictionary<ObjectId, string?> versions = [];

    /// <summary>What was done with each object, and why.</summary>
    public IReadOnlyList<ObjectAction> Actions => actions;

    /// <summary>The resourceVersion of each object that is kept for an heir.</summary>
    public IReadOnlyDictionary<ObjectId, string?> Versions => versions;

    /// <summary>
    /// Deletes existing objects that are ours and that no other Component wants, and leaves those with another owner. Never throws for a refusal by the
    /// store, which becomes the answer; a null answer means that nothing is left to do for now.
    /// </summary>
    public async Task<(Inventory Left, HandlerAnswer? Answer)> Remove(Inventory inventory, CancellationToken cancellation)
    {
        var kept = new Inventory([]);
        for (var count = inventory.Entries.Count; count > 0; count--)
        {
            var left = new Inventory([.. inventory.Entries.Take(count), .. kept.Entries]);
            var entry = inventory.Entries[count - 1];
            if (!scope.Has(entry))
                return (left, new HandlerAnswer.Failed(FailureKind.Denied, $"cannot delete {entry}: {scope.Outside(entry)}"));
            try
            {
                switch (await Remove(entry, cancellation))
                {
                    // No Component may list it in the end; then it is deleted in its turn, so those before it wait, too. A living Component is Ready
                    // meanwhile.
                    case ObjectAction.AwaitHeir when sinceDeletion is null:
                        return (left, null);
                    case { WaitsFor: { } message }:
                        return (left, new HandlerAnswer.InProgress(RecheckDelay.Missing) { Message = MessageText.Limit(message) });
                    case ObjectAction.KeepForHeir:
                        kept = new([entry, .. kept.Entries]);
                        break;
                }
            }
            catch (ResourceException e) when (e.Error is ResourceError.Forbidden)
            {
                return (left, new HandlerAnswer.Failed(FailureKind.Denied, await scope.Explain(e, entry, "delete", cancellation)));
            }
            catch (ResourceException e)
            {
                return (left, StoreFailure.Answer(e, $"delete {entry}"));
            }
        }

        return (kept, null);
    }

    // The last action on the object; null if there was nothing to do.
    private async Task<ObjectAction?> Remove(InventoryEntry entry, CancellationToken cancellation)
    {
        var (type, live) = await Find(entry, cancellation);
        if (live is null || await Decide(entry, live, cancellation) is not { } action)
            return null;
        if (action is ObjectAction.Delete)
            return await Delete(type, live, action, cancellation);
        if (sinceDeletion is null && action is ObjectAction.KeepForHeir or ObjectAction.AwaitHeir)
            versions[entry.Id] = new ResourceView(live).Text("metadata", "resourceVersion");
        actions.Add(action);
        return action;
    }

    // Null if its owner annotation was removed: it is released silently.
    private async Task<ObjectAction?> Decide(InventoryEntry entry, JsonObject live, CancellationToken cancellation)
    {
        if (!owner.Owns(live))
        {
            return owner.ForeignOwner(live) is not { } stranger ? null
                : ObjectOwner.Recorded(live) is { } other && !ObjectOwner.IsControlled(live) && handover.IsTakenBy(other, entry)
                    ? ObjectAction.Leave.ToNewOwner(entry, other)
                : ObjectAction.Leave.ToForeignOwner(entry, stranger);
        }

        if (new ResourceView(live).Text("metadata", "deletionTimestamp") is not null)
            return Waiting(entry, live);
        if (await handover.HeirOf(entry, cancellation) is not { } heir)
            return new ObjectAction.Delete(entry, isPruned: sinceDeletion is null);
        if (!heir.IsCertain && (sinceDeletion is null || sinceDeletion < Patience))
            return new ObjectAction.AwaitHeir(entry, heir);
        return sinceDeletion is null ? new ObjectAction.KeepForHeir(entry, heir) : ObjectAction.Leave.ToHeir(entry, heir);
    }

    // Only the version that was read: an heir that takes it over at this moment keeps it.
    private async Task<ObjectAction?> Delete(ResourceType type, JsonObject live, ObjectAction action, CancellationToken cancellation)
    {
        var (view, key) = (new ResourceView(live), action.Entry.Key);
        var uid = view.Text("metadata", "uid");
        try
        {
            await store.Delete(type, key, new(uid, ResourceVersion: view.Text("metadata", "resourceVersion")), cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotFound)
        {
            return null;
        }

        actions.Add(action);
        var rest = await store.Get(type, key, cancellation);
        return rest is not null && new ResourceView(rest).Text("metadata", "uid") == uid ? Waiting(action.Entry, rest) : action;
    }

    // The object in a served version. A kind that is not served at all has no objects.
    private async Task<(ResourceType Type, JsonObject? Live)> Find(InventoryEntry entry, CancellationToken cancellation)
    {
        try
        {
            return (entry.Type, await store.Get(entry.Type, entry.Key, cancellation));
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotServed)
        {
            if (e.Details.Count == 0)
                return (entry.Type, null);
            var served = entry.Type with { Version = e.Details[0][(e.Details[0].LastIndexOf('/') + 1)..] };
            return (served, await store.Get(served, entry.Key, cancellation));
        }
    }

    private static ObjectAction.AwaitDeletion Waiting(InventoryEntry entry, JsonObject live) =>
        new(entry, (new ResourceView(live).At("metadata", "finalizers") as JsonArray ?? []).Select(f => f?.ToString()));
}
