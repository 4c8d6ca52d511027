using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Which objects a Component may apply, and whether with force: its own, those without an owner, and those of a Component of its namespace that is deleted
/// or no longer lists them.
/// </summary>
/// <param name="owner">The Component.</param>
/// <param name="desired">The Components and entries that want objects; null if no others are known.</param>
internal sealed partial class ObjectClaim(ObjectOwner owner, DesiredObjects? desired)
{
    private readonly HashSet<WatchedResource> holders = [];

    /// <summary>The owners of objects that this Component wants, and their Compositions: once one no longer wants the object, a retry may
    /// succeed.</summary>
    public IEnumerable<WatchedResource> Holders => holders;

    /// <summary>The other owner of the object, with what to do; null if the object may be applied.</summary>
    public string? ForeignOwner(JsonObject live)
    {
        if (owner.ForeignOwner(live) is not { } stranger || AbandonedBy(live) is not null)
            return null;
        if (ObjectOwner.Recorded(live) is { } other && other.Namespace == owner.Namespace)
        {
            holders.Add(new(ResourceType.Component, new(other.Namespace, other.Name)));
            if (desired?.CompositionOf(other) is { } composition)
                holders.Add(new(ResourceType.Composition, composition));
        }

        return stranger;
    }

    /// <summary>The Component of this namespace that the object names and that no longer wants it; null if there is none.</summary>
    public ObjectOwner? AbandonedBy(JsonObject live) => Other(live) is { } other && desired?.MayWant(other, Entry(live)) == false ? other : null;

    /// <summary>
    /// Whether another Component owns the object and this one's entry no longer lists it: this one waits for its new config, and leaves the object alone.
    /// </summary>
    public bool IsHandedOver(JsonObject live) => Other(live) is not null && desired?.MayWant(owner, Entry(live)) == false;

    /// <summary>Whether the Component that an object is taken over from no longer exists.</summary>
    public bool IsGone(ObjectOwner other) => desired?.IsGone(other) != false;

    /// <summary>Applies an object for which <see cref="ForeignOwner"/> returned null.</summary>
    /// <param name="store">Where it is applied.</param>
    /// <param name="wanted">The object with this owner's annotation.</param>
    /// <param name="before">The object as read; null if it did not exist.</param>
    /// <param name="isInventoried">Whether an earlier apply of it was answered.</param>
    /// <param name="cancellation">Cancels the apply.</param>
    public async Task<JsonObject> Apply(IResourceStore store, JsonObject wanted, JsonObject? before, bool isInventoried, CancellationToken cancellation)
    {
        var isOurs = before is not null && owner.Owns(before);
        try
        {
            // A Component that applies the object at the same moment owns the annotation's field: without force, our apply is refused.
            return await store.Apply(wanted, new(owner.FieldManager, isOurs && isInventoried), cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.FieldConflict && before is not null && (isOurs || AbandonedBy(before) is not null)
            && !IsIntentional(e, before))
        {
            // The inventory is lost, as after a restore without status, but the object names its owner. The version guards the write: of two Components
            // that take it over at the same time, one succeeds.
            var forced = (JsonObject)wanted.DeepClone();
            forced["metadata"]!["resourceVersion"] = new ResourceView(before).Text("metadata", "resourceVersion");
            return await store.Apply(forced, new(owner.FieldManager, Force: true), cancellation);
        }
    }

    private ObjectOwner? Other(JsonObject live) =>
        ObjectOwner.Recorded(live) is { } other && other != owner && other.Namespace == owner.Namespace && !ObjectOwner.IsControlled(live) ? other : null;

    private static InventoryEntry Entry(JsonObject live) => new(ResourceType.Of(live), ObjectKey.Of(live));

    // A field that another manager applied is a conflict to report; one that was merely updated is drift, and an earlier Component's fields are ours.
    private static bool IsIntentional(ResourceException conflict, JsonObject before)
    {
        var appliers = ManagedFields.Appliers(before);
        return conflict.Details.Count == 0 || conflict.Details.Any(detail => Manager().Match(detail) is not { Success: true } match
            || (match.Groups["manager"].Value is var manager && !manager.StartsWith(ObjectOwner.FieldManagerPrefix, StringComparison.Ordinal)
                && appliers.Contains(manager)));
    }

    // The API server's message: conflict with "kubectl" using apps/v1: .spec.replicas
    [GeneratedRegex("""^conflict with "(?<manager>.+?)"(:| )""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Manager();
}
