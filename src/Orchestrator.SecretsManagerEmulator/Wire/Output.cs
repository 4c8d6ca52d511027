using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Wire;

/// <summary>Builds an answer: null or empty members are left out, as by AWS.</summary>
internal sealed class Output
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JsonObject Json { get; } = [];

    public Output With(string name, string? value)
    {
        if (value is not null)
            Json[name] = value;
        return this;
    }

    public Output With(string name, bool value)
    {
        Json[name] = value;
        return this;
    }

    /// <summary>Seconds since 1970 with three decimals.</summary>
    public Output With(string name, DateTimeOffset? value)
    {
        if (value is { } date)
            Json[name] = Seconds(date);
        return this;
    }

    public Output With(string name, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
            Json[name] = List(values.Select(value => (JsonNode?)value));
        return this;
    }

    public Output With(string name, IEnumerable<Output> values, bool evenIfEmpty = false)
    {
        var list = List(values.Select(value => value.Json));
        if (list.Count > 0 || evenIfEmpty)
            Json[name] = list;
        return this;
    }

    public Output With(string name, Output value)
    {
        if (value.Json.Count > 0)
            Json[name] = value.Json;
        return this;
    }

    public byte[] ToUtf8()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
            Json.WriteTo(writer);
        return buffer.ToArray();
    }

    /// <summary>A decimal with a scale of 3 keeps its zeros: 1700000000.000.</summary>
    private static decimal Seconds(DateTimeOffset date)
    {
        var milliseconds = date.ToUnixTimeMilliseconds();
        return new decimal((int)milliseconds, (int)(milliseconds >> 32), 0, isNegative: false, scale: 3);
    }

    private static JsonArray List(IEnumerable<JsonNode?> items) => new([.. items]);
}
