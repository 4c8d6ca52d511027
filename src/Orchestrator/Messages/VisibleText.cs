using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeploymentOrchestrator.Messages;

/// <summary>
/// Text of a file, a cluster or AWS as it may be shown: what would move a cursor, colour, reorder or hide something is written as its escape, which is JSON's
/// and, below U+10000, YAML's, too.
/// </summary>
internal static class VisibleText
{
    // Letters and marks by Unicode's categories, and blank all the same: the Hangul fillers, the grapheme joiner, two inherent vowels of Khmer.
    private const string Blank = "\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0";

    // Of a pair of surrogates only the whole says what it is.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => char.IsHighSurrogate(c) || IsHidden(char.GetUnicodeCategory(c), c))]);

    /// <summary>The text on one line: a line break is shown as <c>\n</c>.</summary>
    public static string Of(string text) => Of(text, keepLineBreaks: false, isYaml: false);

    /// <summary>The text with its line breaks as they are.</summary>
    public static string Lines(string text) => Of(text, keepLineBreaks: true, isYaml: false);

    /// <summary>A YAML document, in which whatever is hidden is in double quotes: all of it as YAML's escapes.</summary>
    public static string Yaml(string document) => Of(document, keepLineBreaks: true, isYaml: true);

    /// <summary>Whether the text has a character that is shown as its escape, line breaks among them.</summary>
    public static bool HasHidden(string text) => text.AsSpan().IndexOfAny(Suspects) >= 0 && text.EnumerateRunes().Any(IsHidden);

    /// <summary>Whether the character is shown as its escape.</summary>
    public static bool IsHidden(Rune character) => IsHidden(Rune.GetUnicodeCategory(character), character.Value);

    // C0, DEL and C1; what separates lines; what has no width or changes the direction of text.
    private static bool IsHidden(UnicodeCategory category, int character) =>
        category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            || (character <= char.MaxValue && Blank.Contains((char)character, StringComparison.Ordinal));

    private static string Of(string text, bool keepLineBreaks, bool isYaml)
    {
        if (text.AsSpan().IndexOfAny(Suspects) < 0)
            return text;
        var shown = new StringBuilder(text.Length + 16);
        foreach (var character in text.EnumerateRunes())
        {
            if (!IsHidden(character) || (keepLineBreaks && character.Value == '\n'))
                shown.Append(character);
            else
                shown.Append(Escape(character, isYaml));
        }

        return shown.ToString();
    }

    private static string Escape(Rune character, bool isYaml) => character.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        > char.MaxValue when isYaml => $"\\U{Hex(character.Value, "X8")}",
        > char.MaxValue => string.Concat(character.ToString().Select(half => $"\\u{Hex(half, "X4")}")),
        _ => $"\\u{Hex(character.Value, "X4")}",
    };

    private static string Hex(int value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
