using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Deletes the objects of an inventory in reverse order, each once the one after it is gone.</summary>
internal sealed class ManifestRemoval(ApplyScope scope, ObjectOwner owner)
{
    private static readonly DeleteOptions Background = new();

    private readonly IResourceStore store = scope.Store;
    private readonly List<HandlerEvent> events = [];

    /// <summary>The events so far.</summary>
    public IReadOnlyList<HandlerEvent> Events => events;

    /// <summary>
    /// Deletes the objects that are ours, and leaves those that another owner took, with an event. Never throws for a refusal of the store: the refusal is
    /// the answer, and null means that nothing is left.
    /// </summary>
    public async Task<(Inventory Left, HandlerAnswer? Answer)> Remove(Inventory inventory, CancellationToken cancellation)
    {
        for (var count = inventory.Entries.Count; count > 0; count--)
        {
            var left = new Inventory([.. inventory.Entries.Take(count)]);
            var entry = left.Entries[^1];
            if (!scope.Has(entry))
                return (left, new HandlerAnswer.Failed(FailureKind.Denied, $"cannot delete {entry}: {scope.Outside(entry)}"));
            try
            {
                if (await Remove(entry, cancellation) is { } waitsFor)
                    return (left, new HandlerAnswer.InProgress(RecheckDelay.Missing) { Message = MessageText.Limit(waitsFor) });
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

        return (new([]), null);
    }

    // The answer to wait with; null once the object is gone or not ours.
    private async Task<string?> Remove(InventoryEntry entry, CancellationToken cancellation)
    {
        var (type, live) = await Find(entry, cancellation);
        if (live is null)
            return null;
        if (!owner.Owns(live))
        {
            if (owner.ForeignOwner(live) is { } stranger)
                events.Add(new("ResourceLeft", $"{entry} is left as it is: it {stranger}", IsWarning: true));
            return null;
        }

        var view = new ResourceView(live);
        if (view.Text("metadata", "deletionTimestamp") is not null)
            return Waiting(entry, live);

        var uid = view.Text("metadata", "uid");
        try
        {
            await store.Delete(type, entry.Key, Background with { Uid = uid }, cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotFound)
        {
            return null;
        }

        events.Add(new("ResourceDeleted", $"Deleted {entry}"));
        var rest = await store.Get(type, entry.Key, cancellation);
        return rest is not null && new ResourceView(rest).Text("metadata", "uid") == uid ? Waiting(entry, rest) : null;
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

    private static string Waiting(InventoryEntry entry, JsonObject live)
    {
        var finalizers = (new ResourceView(live).At("metadata", "finalizers") as JsonArray ?? []).Select(f => f?.ToString());
        return $"waits until {entry} is gone: {string.Join(", ", finalizers)} holds it";
    }
}
