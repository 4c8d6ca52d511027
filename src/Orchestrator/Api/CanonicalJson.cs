using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace DeploymentOrchestrator.Api;

/// <summary>
/// A digest of JSON that is equal for two values exactly if <c>JsonNode.DeepEquals</c> holds for them: independent of the order of keys, the notation of
/// numbers, and escapes.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The digest.</summary>
    public static string Digest(JsonElement value)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, new() { MaxDepth = JsonDepth.OfServers, SkipValidation = true }))
            Write(writer, value);
        return Convert.ToBase64String(SHA256.HashData(text.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // 1.50, 15e-1 and 0.15E+1 all become 15e-1. No API server accepts an exponent longer than a long.
    private static string Number(string text)
    {
        var mark = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = mark < 0 ? text : text[..mark];
        long exponent = 0;
        if (mark >= 0 && !long.TryParse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return text;
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var significant = digits.TrimEnd('0');
        return significant.Length == 0 ? "0" : $"{sign}{significant}e{unchecked(exponent - decimals + digits.Length - significant.Length)}";
    }
}
