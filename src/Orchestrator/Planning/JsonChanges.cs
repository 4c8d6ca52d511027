using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Planning;

/// <summary>How two JSON values differ, path by path. Pure.</summary>
internal static class JsonChanges
{
    private const int MaxValue = 60;

    /// <summary>One line for each change: <c>+ path: value</c>, <c>~ path: before -> after</c>, <c>- path</c>. A list of another length changes as a
    /// whole.</summary>
    public static IReadOnlyList<string> Of(JsonNode? before, JsonNode? after, string path) => JsonNode.DeepEquals(before, after) ? [] : (before, after) switch
    {
        (JsonObject one, JsonObject other) =>
        [
            .. one.Concat(other).Select(field => field.Key).Distinct(StringComparer.Ordinal)
                .SelectMany(key => Of(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}")),
        ],
        (JsonArray one, JsonArray other) when one.Count == other.Count =>
            [.. Enumerable.Range(0, one.Count).SelectMany(i => Of(one[i], other[i], $"{path}[{i}]"))],
        (null, _) => [$"+ {path}: {Text(after)}"],
        (_, null) => [$"- {path}"],
        _ => [$"~ {path}: {Text(before)} -> {Text(after)}"],
    };

    private static string Text(JsonNode? value)
    {
        var text = value?.ToJsonString(ApiJson.Compact) ?? "null";
        return text.Length <= MaxValue ? text : $"{text[..MaxValue]}…";
    }
}
