using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeploymentOrchestrator.Messages;

/// <summary>
/// Text of a file, a cluster or AWS, safe to print: characters that move the cursor, colour, reorder or hide text are escaped, as in JSON and, below U+10000,
/// in YAML.
/// </summary>
internal static class VisibleText
{
    // Letters and marks by category that are blank all the same: the Hangul fillers, the grapheme joiner, two inherent vowels of Khmer.
    private const string Blank = "\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0";

    // A surrogate has a category only as part of its pair.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => char.IsHighSurrogate(c) || IsHidden(char.GetUnicodeCategory(c), c))]);

    /// <summary>The text on one line: a line break is shown as <c>\n</c>.</summary>
    public static string Of(string text) => Of(text, keepLineBreaks: false, isYaml: false);

    /// <summary>The text with its line breaks.</summary>
    public static string Lines(string text) => Of(text, keepLineBreaks: true, isYaml: false);

    /// <summary>A YAML document in which texts with hidden characters are in double quotes, with YAML's escapes.</summary>
    public static string Yaml(string document) => Of(document, keepLineBreaks: true, isYaml: true);

    /// <summary>Whether the text has a character to escape, including line breaks.</summary>
    public static bool HasHidden(string text) => text.AsSpan().IndexOfAny(Suspects) >= 0 && text.EnumerateRunes().Any(IsHidden);

    /// <summary>Whether the character must be escaped.</summary>
    public static bool IsHidden(Rune character) => IsHidden(Rune.GetUnicodeCategory(character), character.Value);

    // C0, DEL and C1; line separators; characters without width or that change the direction of text.
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
