using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeploymentOrchestrator.Messages;

/// <summary>
/// Text of a file, a cluster or AWS as it may be shown: what would move a cursor, colour, reorder or hide something is written as its escape, which is JSON's
/// and YAML's, too.
/// </summary>
internal static class VisibleText
{
    // C0, DEL and C1; what separates lines; what changes the direction of text; what has no width.
    private static readonly SearchValues<char> Hidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(c => (char)c), '\u061C', '\u200B', '\u200E', '\u200F', '\u2028', '\u2029',
            .. Enumerable.Range(0x202A, 5).Concat(Enumerable.Range(0x2066, 4)).Select(c => (char)c), '\uFEFF']);

    /// <summary>The text on one line: a line break is shown as <c>\n</c>.</summary>
    public static string Of(string text) => Of(text, keepLineBreaks: false);

    /// <summary>The text with its line breaks as they are.</summary>
    public static string Lines(string text) => Of(text, keepLineBreaks: true);

    /// <summary>Whether the character is shown as its escape.</summary>
    public static bool IsHidden(char character) => Hidden.Contains(character);

    private static string Of(string text, bool keepLineBreaks)
    {
        if (text.AsSpan().IndexOfAny(Hidden) < 0)
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (!Hidden.Contains(character) || (keepLineBreaks && character == '\n'))
                shown.Append(character);
            else
                shown.Append(Escape(character));
        }

        return shown.ToString();
    }

    private static string Escape(char character) => character switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => $"\\u{((int)character).ToString("X4", CultureInfo.InvariantCulture)}",
    };
}
