using System.Globalization;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Characters that word processors, chats and web pages put where plain ones are meant.</summary>
internal static class LookAlike
{
    /// <summary>The first character of some lines that looks like a space, or like nothing, and is none to YAML.</summary>
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

    /// <summary>What to say of such a character.</summary>
    public static string Say(char space) => $"holds U+{(int)space:X4}, which looks like a space and is none; take a plain space";

    /// <summary>The quotes around an unquoted scalar that a word processor made of plain ones; YAML takes them as part of the value.</summary>
    public static string? Quotes(string plain) => plain.Length > 1 && IsQuote(plain[0]) && IsQuote(plain[^1]) ? $"{plain[0]} {plain[^1]}" : null;

    private static bool IsQuote(char c) => c is (>= '\u2018' and <= '\u201F') or '«' or '»';
}
