using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.References;

/// <summary>
/// What is kept in memory of a config that is too large to be kept: the texts right below it, such as the name of what it makes, and everything that refers to
/// other components. So it still says what it needs and what it is about.
/// </summary>
internal static class ConfigExcerpt
{
    // More than the longest ARN has.
    private const int LongestText = 2048;

    /// <summary>The excerpt; what it leaves out of a list is null there.</summary>
    public static JsonObject Of(JsonObject config)
    {
        var excerpt = References(config) as JsonObject ?? [];
        foreach (var (key, value) in config)
        {
            if (!excerpt.ContainsKey(key) && value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && text.Length <= LongestText)
                excerpt[key] = text;
        }

        return excerpt;
    }

    // Null where there are none.
    private static JsonNode? References(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields when ObjectReference.Is(fields) || ObjectReference.IsBare(fields):
            case JsonValue when ConfigReferences.IsReference(node):
                return node.DeepClone();
            case JsonObject fields:
                var kept = fields.Select(f => KeyValuePair.Create(f.Key, References(f.Value))).Where(f => f.Value is not null).ToList();
                return kept.Count == 0 ? null : new JsonObject(kept);
            case JsonArray items:
                var all = items.Select(References).ToArray();
                return Array.TrueForAll(all, item => item is null) ? null : new JsonArray(all);
            default:
                return null;
        }
    }
}
