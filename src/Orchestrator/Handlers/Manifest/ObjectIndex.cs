using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>
/// The Components and Compositions that list an object, or may, maintained from the informers' changes: a deletion checks only those, however many others
/// exist.
/// </summary>
/// <param name="component">The Component of this key, or null.</param>
/// <param name="composition">The Composition of this key, or null.</param>
internal sealed class ObjectIndex(Func<ObjectKey, Component?> component, Func<ObjectKey, Composition?> composition)
{
    // For objects whose kind or name is a reference, which is resolved at a lookup.
    private const string Any = "";

    private readonly NamespacedIndex components = new();
    private readonly NamespacedIndex compositions = new();

    /// <summary>Applies a Component's change; null if it was deleted.</summary>
    public void Note(ObjectKey key, Component? before, Component? now)
    {
        if (before is null || now is null || !IsSame(before.Metadata, now.Metadata))
            components.Set(key, now?.Spec.Handler == HandlerNames.Manifest ? [.. NamesIn(now.Spec.Config).Distinct(StringComparer.Ordinal)] : []);
    }

    /// <summary>Applies a Composition's change; null if it was deleted.</summary>
    public void Note(ObjectKey key, Composition? before, Composition? now)
    {
        if (before is not null && now is not null && IsSame(before.Metadata, now.Metadata))
            return;
        var entries = now?.Spec.Components.Where(e => e.Type == HandlerNames.Manifest) ?? [];
        compositions.Set(key, [.. entries.SelectMany(e => NamesIn(e.Config)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The Components of a namespace that list an object, or may.</summary>
    public IEnumerable<Component> Components(string ns, InventoryEntry entry) => Of(components, ns, entry).Select(component).OfType<Component>();

    /// <summary>The Compositions of a namespace with an entry that lists an object, or may.</summary>
    public IEnumerable<Composition> Compositions(string ns, InventoryEntry entry) => Of(compositions, ns, entry).Select(composition).OfType<Composition>();

    private static List<ObjectKey> Of(NamespacedIndex index, string ns, InventoryEntry entry) =>
        [.. index.Of(Name(entry.Type.Kind, entry.Key.Name), [ns]).Union(index.Of(Any, [ns]))];

    private static bool IsSame(ObjectMeta before, ObjectMeta now) => (before.Uid, before.Generation) == (now.Uid, now.Generation);

    private static IEnumerable<string> NamesIn(JsonObject? config) => config?[ManifestConfig.Key] is JsonArray manifests
        ? manifests.Select(m => m is JsonObject json && Plain(json["kind"]) is { } kind && Plain((json["metadata"] as JsonObject)?["name"]) is { } name
            ? Name(kind, name) : Any)
        : config is null ? [] : [Any];

    private static string? Plain(JsonNode? node) => ConfigReferences.IsReference(node) ? null : JsonText.Of(node);

    private static string Name(string kind, string name) => $"{kind}/{name}";
}
