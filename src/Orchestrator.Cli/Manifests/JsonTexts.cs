using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// Splits several JSON values in a row, as <c>jq -c</c> writes them: YAML would read them as one invalid document. A surrogate pair of <c>\u</c> escapes,
/// which YAML does not have, becomes its character.
/// </summary>
internal static partial class JsonTexts
{
    private const int MaxDepth = 1_000;

    /// <summary>The text in parts, each with its start; the whole text if it does not begin with a JSON value.</summary>
    public static IReadOnlyList<TextPart> Split(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var parts = new List<TextPart>();
        var (line, column, start) = (0, 0, 0);
        while (NextStart(utf8, start) is { } begin && End(utf8, begin) is { } end && (parts.Count > 0 || NextStart(utf8, end) is not null || IsRest(utf8, end)))
        {
            (line, column) = After(utf8.AsSpan(start, begin - start), line, column);
            var part = Encoding.UTF8.GetString(utf8, begin, end - begin);
            parts.Add(new(SurrogatePair().Replace(part, Character), line, column));
            (line, column) = After(utf8.AsSpan(begin, end - begin), line, column);
            start = end;
        }

        if (parts.Count == 0)
            return [new(text, 0, 0)];
        if (!IsRest(utf8, start))
            parts.Add(new(Encoding.UTF8.GetString(utf8, start, utf8.Length - start), line, column));
        return parts;
    }

    // The start of an object or list after white space and the byte order mark of a joined file.
    private static int? NextStart(byte[] utf8, int from)
    {
        var at = utf8.AsSpan(from).IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        return at >= 0 && utf8[from + at] is (byte)'{' or (byte)'[' ? from + at : null;
    }

    private static bool IsRest(byte[] utf8, int from) => utf8.AsSpan(from).IndexOfAnyExcept(" \t\r\n\uFEFF"u8) < 0;

    private static int? End(byte[] utf8, int begin)
    {
        var reader = new Utf8JsonReader(utf8.AsSpan(begin), new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = MaxDepth });
        try
        {
            return reader.Read() && reader.TrySkip() ? begin + (int)reader.BytesConsumed : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Columns count UTF-16 units.
    private static (int Line, int Column) After(ReadOnlySpan<byte> text, int line, int column)
    {
        var lastBreak = text.LastIndexOf((byte)'\n');
        return lastBreak < 0
            ? (line, column + Encoding.UTF8.GetCharCount(text)) : (line + text.Count((byte)'\n'), Encoding.UTF8.GetCharCount(text[(lastBreak + 1)..]));
    }

    private static string Character(Match match)
    {
        var pair = new string([(char)Convert.ToUInt16(match.Groups["high"].Value, 16), (char)Convert.ToUInt16(match.Groups["low"].Value, 16)]);
        return match.Groups["before"].Value + pair;
    }

    [GeneratedRegex(@"(?<=[^\\])(?<before>(\\\\)*)\\u(?<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?<low>[dD][c-fC-F][0-9a-fA-F]{2})",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex SurrogatePair();
}

/// <summary>A part of a file that is a separate YAML stream, with the number of lines before it and of characters before it on its first line.</summary>
internal readonly record struct TextPart(string Text, int Line, int Column);
