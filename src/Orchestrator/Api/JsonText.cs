using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>Reads strings of JSON that somebody else wrote: what is missing or not a string is null.</summary>
internal static class JsonText
{
    /// <summary>The string that a node is.</summary>
    public static string? Of(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The string under a key of an object.</summary>
    public static string? Of(JsonNode? fields, string key) => Of((fields as JsonObject)?[key]);

    /// <summary>The string under a key of an object, where it is not empty.</summary>
    public static string? NotEmpty(JsonNode? fields, string key) => Of(fields, key) is { Length: > 0 } text ? text : null;
}
