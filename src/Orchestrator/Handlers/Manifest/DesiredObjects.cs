using System.Text.Json.Nodes;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Who wants which objects of a namespace's Components, by what is written: an entry speaks for its child, also before the child follows it. So an object
/// changes hands where its owner no longer lists it and another Component of the namespace does, and is never without one who wants it.
/// </summary>
/// <param name="wanted">The configs that hold.</param>
/// <param name="index">Where those that list an object are found at once; null where all are looked through.</param>
internal sealed class DesiredObjects(WantedComponents wanted, ObjectIndex? index = null)
{
    /// <summary>Whether a Component, be it there or not, wants the object, or may for all that is known.</summary>
    public bool MayWant(ObjectOwner owner, InventoryEntry entry) => wanted.ConfigsOf(ManifestHandler.HandlerName, new(owner.Namespace, owner.Name))
        .Any(c => c.Config[ManifestConfig.Key] is not JsonArray || ListedObjects.Lists(c, entry) != Listing.No);

    /// <summary>Whether there is no Component of this owner's name, and none is wanted.</summary>
    public bool IsGone(ObjectOwner owner) => new ObjectKey(owner.Namespace, owner.Name) is var key
        && wanted.Find(key) is null && !wanted.ConfigsOf(ManifestHandler.HandlerName, key).Any();

    /// <summary>The Composition that decides about a Component; null for one of its own.</summary>
    public ObjectKey? CompositionOf(ObjectOwner owner) =>
        wanted.Find(new(owner.Namespace, owner.Name))?.Metadata.Controller() is { Kind: Api.Composition.KindName } composition
            ? new(owner.Namespace, composition.Name) : null;

    /// <summary>Another Component of an owner's namespace that lists an object, or an entry of one; else one that may; null where none does.</summary>
    public Heir? HeirOf(ObjectOwner owner, InventoryEntry entry)
    {
        Heir? possible = null;
        var (compositions, components) = (index?.Compositions(owner.Namespace, entry), index?.Components(owner.Namespace, entry));
        var configs = wanted.ConfigsIn(ManifestHandler.HandlerName, owner.Namespace, compositions, components);
        foreach (var config in configs.Where(c => c.Component.Name != owner.Name))
        {
            var listing = ListedObjects.Lists(config, entry);
            if (listing == Listing.Yes)
                return new(config.By, IsCertain: true);
            possible ??= listing == Listing.Maybe ? new(config.By, IsCertain: false) : null;
        }

        return possible;
    }
}
