using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>How two JSON values differ, path by path. Pure.</summary>
internal static class JsonChanges
{
    private const int MaxValue = 60;

    /// <summary>One line a change: <c>+ path: value</c>, <c>~ path: before -> after</c>, <c>- path</c>. A list of another length changes as a whole.</summary>
    public static IReadOnlyList<string> Of(JsonNode? before, JsonNode? after, string path)
    {
        var changes = new List<string>();
        Add(before, after, path, changes);
        return changes;
    }

    private static void Add(JsonNode? before, JsonNode? after, string path, List<string> changes)
    {
        if (JsonNode.DeepEquals(before, after))
            return;
        switch (before, after)
        {
            case (JsonObject one, JsonObject other):
                foreach (var key in one.Select(f => f.Key).Concat(other.Select(f => f.Key)).Distinct(StringComparer.Ordinal))
                    Add(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}", changes);
                break;
            case (JsonArray one, JsonArray other) when one.Count == other.Count:
                for (var i = 0; i < one.Count; i++)
                    Add(one[i], other[i], $"{path}[{i}]", changes);
                break;
            case (null, not null):
                changes.Add($"+ {path}: {Text(after)}");
                break;
            case (not null, null):
                changes.Add($"- {path}");
                break;
            default:
                changes.Add($"~ {path}: {Text(before)} -> {Text(after)}");
                break;
        }
    }

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString(ApiJson.Compact) ?? "null";
        return text.Length <= MaxValue ? text : $"{text[..MaxValue]}…";
    }
}
