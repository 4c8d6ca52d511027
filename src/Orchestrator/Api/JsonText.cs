using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>Reads strings of foreign JSON: a missing value, or one that is not a string, is null.</summary>
internal static class JsonText
{
    /// <summary>The string value of a node.</summary>
    public static string? Of(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The string under a key of an object.</summary>
    public static string? Of(JsonNode? fields, string key) => Of((fields as JsonObject)?[key]);

    /// <summary>The string under a key of an object, or null if it is empty.</summary>
    public static string? NotEmpty(JsonNode? fields, string key) => Of(fields, key) is { Length: > 0 } text ? text : null;
}
