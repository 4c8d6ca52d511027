using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Api;

/// <summary>Numbers of foreign JSON. JSON does not limit an exponent, and <see cref="JsonNode.DeepEquals"/> throws on a long one.</summary>
internal static class JsonNumbers
{
    private const int MaxExponentDigits = 9;

    /// <summary>Whether every number in a value has an exponent of at most nine digits, apart from leading zeros.</summary>
    public static bool AreComparable(JsonNode? node) => node switch
    {
        JsonObject fields => fields.All(field => AreComparable(field.Value)),
        JsonArray items => items.All(AreComparable),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => IsComparable(value.ToJsonString()),
        _ => true,
    };

    /// <summary>Whether a JSON number has such an exponent.</summary>
    public static bool IsComparable(ReadOnlySpan<char> number) =>
        number.IndexOfAny('e', 'E') is var at && (at < 0 || number[(at + 1)..].TrimStart("+-").TrimStart('0').Length <= MaxExponentDigits);
}
