using System.Text;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Messages;

/// <summary>The size of JSON as sent and stored: in UTF-8, with only the escapes that RFC 8259 §7 requires.</summary>
internal static class JsonSize
{
    /// <summary>The bytes of a value.</summary>
    public static int Of(JsonNode? node) => node switch
    {
        null => 4,
        JsonObject fields => 2 + Math.Max(0, fields.Count - 1) + fields.Sum(field => Of(field.Key) + 1 + Of(field.Value)),
        JsonArray items => 2 + Math.Max(0, items.Count - 1) + items.Sum(Of),
        JsonValue value when value.TryGetValue<string>(out var text) => Of(text),
        _ => Encoding.UTF8.GetByteCount(node.ToJsonString()),
    };

    /// <summary>The bytes of a text with its quotes.</summary>
    public static int Of(string text)
    {
        var bytes = 2;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Value switch
            {
                '"' or '\\' or '\n' or '\r' or '\t' => 2,
                < ' ' => 6,
                _ => rune.Utf8SequenceLength,
            };
        }

        return bytes;
    }
}
