using System.Buffers;
using System.Globalization;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Characters that word processors, chats and web pages insert in place of plain ones.</summary>
internal static class LookAlike
{
    private static readonly SearchValues<char> Spaces = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c)
        .Where(c => c != ' ' && char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format)]);

    /// <summary>The first character in a range of lines, counted from 1, that looks like a space, or is invisible, and is not a space to YAML.</summary>
    public static (char Character, int Line, int Column)? First(string[] lines, int from, int to)
    {
        for (var number = Math.Max(from, 1); number <= Math.Min(to, lines.Length); number++)
        {
            var column = lines[number - 1].AsSpan().IndexOfAny(Spaces);
            if (column >= 0)
                return (lines[number - 1][column], number, column + 1);
        }

        return null;
    }

    /// <summary>The message about such a character.</summary>
    public static string Say(char space) => $"contains U+{(int)space:X4}, which looks like a space but is not one: use a plain space";

    /// <summary>Typographic quotes around an unquoted scalar, which are part of its value in YAML.</summary>
    public static string? Quotes(string plain) => plain.Length > 1 && IsQuote(plain[0]) && IsQuote(plain[^1]) ? $"{plain[0]} {plain[^1]}" : null;

    private static bool IsQuote(char c) => c is (>= '\u2018' and <= '\u201F') or '«' or '»';
}
