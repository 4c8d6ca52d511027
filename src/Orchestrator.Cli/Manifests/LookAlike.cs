using System.Globalization;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Characters that word processors, chats and web pages insert in place of plain ones.</summary>
internal static class LookAlike
{
    /// <summary>The first character in some lines that looks like a space, or is invisible, and is not a space to YAML.</summary>
    /// <param name="lines">The text's lines.</param>
    /// <param name="from">The number of the first line to look at, from 1.</param>
    /// <param name="to">The number of the last.</param>
    public static (char Character, int Line, int Column)? First(string[] lines, int from, int to)
    {
        for (var number = Math.Max(from, 1); number <= Math.Min(to, lines.Length); number++)
        {
            var line = lines[number - 1];
            for (var column = 0; column < line.Length; column++)
            {
                if (line[column] is not ' ' and var c && char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format)
                    return (c, number, column + 1);
            }
        }

        return null;
    }

    /// <summary>The message about such a character.</summary>
    public static string Say(char space) => $"contains U+{(int)space:X4}, which looks like a space but is not one: use a plain space";

    /// <summary>The typographic quotes around an unquoted scalar, which YAML takes as part of the value.</summary>
    public static string? Quotes(string plain) => plain.Length > 1 && IsQuote(plain[0]) && IsQuote(plain[^1]) ? $"{plain[0]} {plain[^1]}" : null;

    private static bool IsQuote(char c) => c is (>= '\u2018' and <= '\u201F') or '«' or '»';
}
