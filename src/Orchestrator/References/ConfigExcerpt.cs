using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.References;

/// <summary>
/// The part of a large config that is kept in memory: its top-level texts, such as the name of what it creates, all references to other components, and
/// the identities of the Kubernetes objects in it. It still shows what the config needs and manages.
/// </summary>
internal static class ConfigExcerpt
{
    // Longer than the longest ARN.
    private const int LongestText = 2048;

    /// <summary>Creates the excerpt; an omitted item of a list becomes null.</summary>
    public static JsonObject Of(JsonObject config)
    {
        var excerpt = References(config) as JsonObject ?? [];
        foreach (var (key, value) in config)
            KeepText(key, value, excerpt);
        return excerpt;
    }

    private static void KeepIdentity(JsonObject resource, JsonObject kept)
    {
        KeepText("apiVersion", resource["apiVersion"], kept);
        KeepText("kind", resource["kind"], kept);
        if (resource["metadata"] is not JsonObject metadata || ObjectReference.Is(metadata))
            return;
        if (kept["metadata"] is not JsonObject named)
            kept["metadata"] = named = [];
        KeepText("name", metadata["name"], named);
        KeepText("namespace", metadata["namespace"], named);
    }

    private static void KeepText(string key, JsonNode? value, JsonObject kept)
    {
        if (!kept.ContainsKey(key) && value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && text.Length <= LongestText)
            kept[key] = text;
    }

    // Null if there are none.
    private static JsonNode? References(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields when ObjectReference.Is(fields) || ObjectReference.IsBare(fields):
            case JsonValue when ConfigReferences.IsReference(node):
                return node.DeepClone();
            case JsonObject fields:
                var kept = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, References(f.Value))).Where(f => f.Value is not null));
                if (fields.ContainsKey("apiVersion") && fields.ContainsKey("kind"))
                    KeepIdentity(fields, kept);
                return kept.Count == 0 ? null : kept;
            case JsonArray items:
                var all = items.Select(References).ToArray();
                return Array.TrueForAll(all, item => item is null) ? null : new JsonArray(all);
            default:
                return null;
        }
    }
}
