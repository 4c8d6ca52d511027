using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Which objects a Component may apply, and with which force: its own, those that nobody has, and those of a Component of its namespace that is gone.
/// </summary>
/// <param name="owner">The Component.</param>
/// <param name="isGone">Whether the Component that an object names is gone, and no Composition wants it back.</param>
internal sealed partial class ObjectClaim(ObjectOwner owner, Func<ObjectOwner, bool> isGone)
{
    private readonly HashSet<ObjectKey> holders = [];

    /// <summary>The Components that have what this one wants: once one is gone, a new try is worth it.</summary>
    public IEnumerable<WatchedResource> Holders => holders.Select(key => new WatchedResource(ResourceType.Component, key));

    /// <summary>Who else has the object, with the way out; null where it may be applied.</summary>
    public string? ForeignOwner(JsonObject live)
    {
        if (owner.ForeignOwner(live) is not { } stranger || AbandonedBy(live) is not null)
            return null;
        if (ObjectOwner.Recorded(live) is { } other && other.Namespace == owner.Namespace)
            holders.Add(new(other.Namespace, other.Name));
        return stranger;
    }

    /// <summary>The gone Component of this namespace that the object names; null where there is none.</summary>
    public ObjectOwner? AbandonedBy(JsonObject live) =>
        ObjectOwner.Recorded(live) is { } other && other != owner && other.Namespace == owner.Namespace && !ObjectOwner.IsControlled(live) && isGone(other)
            ? other
            : null;

    /// <summary>Applies an object that <see cref="ForeignOwner"/> lets pass.</summary>
    /// <param name="store">Where.</param>
    /// <param name="wanted">The object with this owner's annotation.</param>
    /// <param name="before">As it was looked at; null where it was not there.</param>
    /// <param name="isInventoried">Whether an earlier apply of it was answered.</param>
    /// <param name="cancellation">Breaks it off.</param>
    public async Task<JsonObject> Apply(IResourceStore store, JsonObject wanted, JsonObject? before, bool isInventoried, CancellationToken cancellation)
    {
        var isOurs = before is not null && owner.Owns(before);
        try
        {
            // Another Component that applies the object in this moment holds the annotation's field: not forced, ours is refused.
            return await store.Apply(wanted, new(owner.FieldManager, isOurs && isInventoried), cancellation);
        }
        catch (ResourceException e) when (e.Error == ResourceError.FieldConflict && before is not null && (isOurs || AbandonedBy(before) is not null)
            && !IsWish(e, before))
        {
            // The inventory is lost, as after a restore without status, but the object names its owner. Only as it was looked at: of two Components that
            // take it over at once, one gets it.
            var forced = (JsonObject)wanted.DeepClone();
            forced["metadata"]!["resourceVersion"] = new ResourceView(before).Text("metadata", "resourceVersion");
            return await store.Apply(forced, new(owner.FieldManager, Force: true), cancellation);
        }
    }

    // What somebody else applied is a wish of theirs, and reported; what was merely written is drift, and an earlier Component's fields are ours.
    private static bool IsWish(ResourceException conflict, JsonObject before)
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
