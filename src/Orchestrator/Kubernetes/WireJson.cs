using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// JSON to and from an API server, nested as deep as servers accept: with the usual limit of 64, one deep object would make every list of its kind
/// unreadable. With this limit only that object is unreadable.
/// </summary>
internal static class WireJson
{
    // Such as \uD83D.
    private const int EscapeLength = 6;

    /// <summary>Any object.</summary>
    public static JsonTypeInfo<JsonObject> Object { get; } = new ApiJson(new() { MaxDepth = JsonDepth.OfServers }).JsonObject;

    /// <summary>
    /// JSON to send. The server reads an apply as YAML, which does not have the surrogate escapes that System.Text.Json writes for a character beyond U+FFFF:
    /// such a character is sent as it is.
    /// </summary>
    public static ReadOnlyMemory<byte> Bytes(JsonObject body)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, Object);
        var end = 0;
        for (var at = 0; at < json.Length;)
        {
            var isEscape = json[at] == '\\';
            if (isEscape && Pair(json.AsSpan(at)) is { } character)
            {
                end += character.EncodeToUtf8(json.AsSpan(end));
                at += 2 * EscapeLength;
                continue;
            }

            // A backslash and the character after it go together: the second of two backslashes begins nothing.
            json[end++] = json[at++];
            if (isEscape)
                json[end++] = json[at++];
        }

        return json.AsMemory(0, end);
    }

    private static Rune? Pair(ReadOnlySpan<byte> text) =>
        Unit(text) is { } high && char.IsHighSurrogate(high) && Unit(text[EscapeLength..]) is { } low && char.IsLowSurrogate(low) ? new Rune(high, low) : null;

    private static char? Unit(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\u"u8) && Utf8Parser.TryParse(text[2..EscapeLength], out ushort unit, out _, 'x') ? (char)unit : null;
}
