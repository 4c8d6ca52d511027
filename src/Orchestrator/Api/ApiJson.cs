using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DeploymentOrchestrator.Api;

/// <summary>JSON of the resource records, source-generated: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = JsonDepth.OfRecords,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(Component))]
[JsonSerializable(typeof(ComponentSpec))]
[JsonSerializable(typeof(ComponentStatus))]
[JsonSerializable(typeof(Composition))]
[JsonSerializable(typeof(CompositionStatus))]
[JsonSerializable(typeof(OwnerReference))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>For people: <c>'</c> and <c>+</c> are not escaped. The output is never embedded in HTML.</summary>
    public static JsonSerializerOptions Readable { get; } = new()
    {
        WriteIndented = true,
        MaxDepth = JsonDepth.OfServers,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = Default,
    };

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Readable) { WriteIndented = false };

    /// <summary>Converts the record to a new JSON tree.</summary>
    public static JsonObject ToJson<T>(T record, JsonTypeInfo<T> type) =>
        (JsonObject)JsonSerializer.SerializeToNode(record, type)!;
}
