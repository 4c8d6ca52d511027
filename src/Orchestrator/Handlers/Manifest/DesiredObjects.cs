using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// Which Components and entries of a namespace want which objects, by their written configs: an entry counts for its child, even before the child is
/// updated. So an object is handed over once its owner no longer lists it and another Component of the namespace does, and always has one that wants it.
/// </summary>
/// <param name="wanted">The effective configs.</param>
/// <param name="index">Finds those that list an object; null to search all.</param>
internal sealed class DesiredObjects(WantedComponents wanted, ObjectIndex? index = null)
{
    /// <summary>Whether a Component, existing or not, wants the object, or may want it once its references are resolved.</summary>
    public bool MayWant(ObjectOwner owner, InventoryEntry entry) => wanted.ConfigsOf(HandlerNames.Manifest, new(owner.Namespace, owner.Name))
        .Any(c => c.Config[ManifestConfig.Key] is not JsonArray || ListedObjects.Lists(c, entry) != Listing.No);

    /// <summary>Whether no Component of this owner's name exists or is desired.</summary>
    public bool IsGone(ObjectOwner owner) => new ObjectKey(owner.Namespace, owner.Name) is var key
        && wanted.Find(key) is null && !wanted.ConfigsOf(HandlerNames.Manifest, key).Any();

    /// <summary>The Composition that decides about a Component; null for a standalone one.</summary>
    public ObjectKey? CompositionOf(ObjectOwner owner) =>
        wanted.Find(new(owner.Namespace, owner.Name))?.Metadata.Controller() is { Kind: Api.Composition.KindName } composition
            ? new(owner.Namespace, composition.Name) : null;

    /// <summary>Another Component or entry in an owner's namespace that lists an object, or else one that may; null if there is none.</summary>
    public Heir? HeirOf(ObjectOwner owner, InventoryEntry entry)
    {
        Heir? possible = null;
        var (compositions, components) = (index?.Compositions(owner.Namespace, entry), index?.Components(owner.Namespace, entry));
        var configs = wanted.ConfigsIn(HandlerNames.Manifest, owner.Namespace, compositions, components);
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
