using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Which objects a Component may apply, and whether by force: its own, objects without an owner, and those of a Component of its namespace that no longer
/// exists.
/// </summary>
/// <param name="owner">The Component.</param>
/// <param name="isGone">Whether the Component that an object names no longer exists, and no Composition wants it back.</param>
internal sealed partial class ObjectClaim(ObjectOwner owner, Func<ObjectOwner, bool> isGone)
{
    private readonly HashSet<ObjectKey> holders = [];

    /// <summary>The Components that hold wanted objects: retry once one of them is gone.</summary>
    public IEnumerable<WatchedResource> Holders => holders.Select(key => new WatchedResource(ResourceType.Component, key));

    /// <summary>The other owner of the object, with what to do; null if the object may be applied.</summary>
    public string? ForeignOwner(JsonObject live)
    {
        if (owner.ForeignOwner(live) is not { } stranger || AbandonedBy(live) is not null)
            return null;
        if (ObjectOwner.Recorded(live) is { } other && other.Namespace == owner.Namespace)
            holders.Add(new(other.Namespace, other.Name));
        return stranger;
    }

    /// <summary>The deleted Component of this namespace that the object names; null if there is none.</summary>
    public ObjectOwner? AbandonedBy(JsonObject live) =>
        ObjectOwner.Recorded(live) is { } other && other != owner && other.Namespace == owner.Namespace && !ObjectOwner.IsControlled(live) && isGone(other)
            ? other
            : null;

    /// <summary>Applies an object for which <see cref="ForeignOwner"/> returned null.</summary>
    /// <param name="store">The store.</param>
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

    // A field that another manager applied is a conflict to report; one that was merely updated is drift, and an earlier Component's fields are ours.
    private static bool IsIntentional(ResourceException conflict, JsonObject before)
    {
        var appliers = ManagedFields.Appliers(before);
        return conflict.Details.Count == 0 || conflict.Details.Any(detail => Manager().Match(detail) is not { Success: true } match
            || (match.Groups["manager"].Value is var manager && !manager.StartsWith(ObjectOwner.FieldManagerPrefix, StringComparison.Ordinal)
                && appliers.Contains(manager)));
    }

    // As the API server says it: conflict with "kubectl" using apps/v1: .spec.replicas
    [GeneratedRegex("""^conflict with "(?<manager>.+?)"(:| )""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Manager();
}
