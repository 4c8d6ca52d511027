using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Deletes objects of an inventory, the last one first, each once the one after it is gone. What another Component lists is handed over instead: a Component
/// that stays keeps it in its inventory until the heir has it, and one that is deleted leaves it in place.
/// </summary>
/// <param name="scope">Where the objects are.</param>
/// <param name="owner">The Component.</param>
/// <param name="handover">Who takes them over.</param>
/// <param name="sinceDeletion">For how long the Component is being deleted; null while it stays.</param>
internal sealed class ManifestRemoval(ApplyScope scope, ObjectOwner owner, Handover handover, TimeSpan? sinceDeletion)
{
    /// <summary>For how long a deletion waits to learn whether an entry lists an object. Then it leaves the object in place.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly IResourceStore store = scope.Store;
    private readonly List<ObjectAction> actions = [];
    private readonly Dictionary<ObjectId, string?> versions = [];

    /// <summary>What was done with each object, and why.</summary>
    public IReadOnlyList<ObjectAction> Actions => actions;

    /// <summary>The resourceVersion of each object that is kept for an heir.</summary>
    public IReadOnlyDictionary<ObjectId, string?> Versions => versions;

    /// <summary>
    /// Deletes what is there, ours and wanted by nobody, and leaves what somebody else took. Never throws for a refusal of the store: it is the answer, and
    /// null means that there is nothing more to do for now.
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
                    // It may turn out to be nobody's and is deleted in its turn then, so those before it wait, too. A Component that stays is Ready meanwhile.
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

    // Null if its owner annotation was removed: it is released without a word.
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

    // Only as it was looked at: an heir that takes it over in this moment keeps it.
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

    // The object in a served version. A kind that is not served at all takes its objects with it.
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
