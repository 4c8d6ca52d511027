using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Reads which objects a config names, even if other parts of it are invalid or unresolved. Pure.</summary>
internal static class ListedObjects
{
    /// <summary>Whether the config lists the object, in any version.</summary>
    public static Listing Lists(WantedConfig config, InventoryEntry entry) =>
        Read(config.Config[ManifestConfig.Key], config, node =>
            node is JsonArray items ? items.Select(item => Read(item, config, i => Names(i, config, entry))).DefaultIfEmpty(Listing.No).Max() : Listing.No);

    private static Listing Names(JsonNode? item, WantedConfig config, InventoryEntry entry)
    {
        if (item is not JsonObject manifest)
            return Listing.No;
        Listing[] all =
        [
            Is(manifest["apiVersion"], v => ResourceType.Of(v, "").Group == entry.Type.Group),
            Is(manifest["kind"], kind => kind == entry.Type.Kind),
            Read(manifest["metadata"], config, metadata => HasName((metadata as JsonObject)?["name"])),
            Read(manifest["metadata"], config, metadata => LiesIn((metadata as JsonObject)?["namespace"])),
        ];
        return all.Min();

        Listing HasName(JsonNode? name) => CanBecome(name, entry.Key.Name) ? Is(name, n => n == entry.Key.Name) : Listing.No;

        // For a cluster-scoped object the namespace does not count.
        Listing LiesIn(JsonNode? ns) => entry.Key.Namespace is not { } place ? Listing.Yes
            : Is(ns ?? "", written => (written.Length > 0 ? written : config.Component.Namespace) == place);

        Listing Is(JsonNode? node, Func<string, bool> isMeant) =>
            Read(node, config, value => value is not null && isMeant(ConfigReferences.AsText(value)) ? Listing.Yes : Listing.No);
    }

    // Judged by the text before and after its references: db-{{ … }} never becomes web.
    private static bool CanBecome(JsonNode? node, string value)
    {
        if (JsonText.Of(node) is not { } text || Template.Parse(text).Parts is not { Count: > 0 } parts)
            return true;
        return value.StartsWith(Literal(parts[0]), StringComparison.Ordinal) && value.EndsWith(Literal(parts[^1]), StringComparison.Ordinal);

        static string Literal(TemplatePart part) => part.Reference is null ? part.Text : "";
    }

    // Judges a value with its references resolved. An unresolvable one may still become anything.
    private static Listing Read(JsonNode? node, WantedConfig config, Func<JsonNode?, Listing> read)
    {
        if (!ConfigReferences.IsReference(node))
            return read(node);
        var problems = new List<Problem>();
        var resolved = ConfigReferences.Resolve(new() { ["value"] = node!.DeepClone() }, config.Outputs, problems);
        return problems.Count == 0 ? read(resolved["value"]) : Listing.Maybe;
    }
}
