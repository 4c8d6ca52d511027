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
    private readonly List<HandlerEvent> events = [];
    private readonly Dictionary<ObjectId, string?> versions = [];

    /// <summary>The events so far.</summary>
    public IReadOnlyList<HandlerEvent> Events => events;

    /// <summary>The resourceVersion of each object that is left for an heir.</summary>
    public IReadOnlyDictionary<ObjectId, string?> Versions => versions;

    /// <summary>
    /// Deletes what is there, ours and wanted by nobody, and leaves what somebody else took, with an event. Never throws for a refusal of the store: it is the
    /// answer, and null means that there is nothing more to do for now.
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
                var (outcome, waitsFor) = await Remove(entry, cancellation);
                if (outcome == Removal.Waiting)
                    return (left, waitsFor is null ? null : new HandlerAnswer.InProgress(RecheckDelay.Missing) { Message = MessageText.Limit(waitsFor) });
                if (outcome == Removal.Kept)
                    kept = new([entry, .. kept.Entries]);
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

    private async Task<(Removal Outcome, string? WaitsFor)> Remove(InventoryEntry entry, CancellationToken cancellation)
    {
        var (type, live) = await Find(entry, cancellation);
        if (live is null)
            return (Removal.Done, null);
        if (!owner.Owns(live))
        {
            if (owner.ForeignOwner(live) is { } stranger)
                events.Add(ObjectOwner.Recorded(live) is { } other && !ObjectOwner.IsControlled(live) && handover.IsTakenBy(other, entry)
                    ? Left(entry, $"Component {other.Value} took it over")
                    : new("ResourceLeft", $"{entry} is not deleted: it {stranger}", IsWarning: true));
            return (Removal.Done, null);
        }

        var view = new ResourceView(live);
        if (view.Text("metadata", "deletionTimestamp") is not null)
            return (Removal.Waiting, Waiting(entry, live));
        if (await handover.HeirOf(entry, cancellation) is { } heir)
            return HandOver(entry, view, heir);

        // Only as it was looked at: an heir that takes it over in this moment keeps it.
        var uid = view.Text("metadata", "uid");
        try
        {
            await store.Delete(type, entry.Key, new(uid, ResourceVersion: view.Text("metadata", "resourceVersion")), cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotFound)
        {
            return (Removal.Done, null);
        }

        events.Add(new("ResourceDeleted", $"Deleted {entry}"));
        var rest = await store.Get(type, entry.Key, cancellation);
        return rest is not null && new ResourceView(rest).Text("metadata", "uid") == uid ? (Removal.Waiting, Waiting(entry, rest)) : (Removal.Done, null);
    }

    // What may turn out to be nobody's is deleted in its turn then, so those before it wait, too.
    private (Removal Outcome, string? WaitsFor) HandOver(InventoryEntry entry, ResourceView live, Heir heir)
    {
        if (sinceDeletion is not { } since)
        {
            versions[entry.Id] = live.Text("metadata", "resourceVersion");
            return (heir.IsCertain ? Removal.Kept : Removal.Waiting, null);
        }

        if (!heir.IsCertain && since < Patience)
            return (Removal.Waiting, $"waits to learn whether {heir.Name} lists {entry}: its references are not resolved yet");
        events.Add(heir.IsCertain ? Left(entry, $"{heir.Name} takes it over")
            : Left(entry, $"{heir.Name} may list it, and its references are still not resolved") with { IsWarning = true });
        return (Removal.Done, null);
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

    private static HandlerEvent Left(InventoryEntry entry, string why) => new("ResourceLeft", $"left {entry} in place: {why}");

    private static string Waiting(InventoryEntry entry, JsonObject live)
    {
        var finalizers = (new ResourceView(live).At("metadata", "finalizers") as JsonArray ?? []).Select(f => f?.ToString());
        return $"waits until {entry} is gone: {string.Join(", ", finalizers)} holds it";
    }

    private enum Removal
    {
        Done,
        Kept,
        Waiting,
    }
}
