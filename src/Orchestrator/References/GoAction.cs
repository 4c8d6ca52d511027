using System.Text;

namespace DeploymentOrchestrator.References;

/// <summary>Finds the end of an action of Go's text/template, skipping braces in its strings and comments.</summary>
/// <remarks>Source: the lexer of Go's text/template/parse.</remarks>
internal static class GoAction
{
    /// <summary>The index after the action that starts at <paramref name="start"/>; null if it is never closed.</summary>
    public static int? End(string text, int start)
    {
        var at = start + 2;
        var body = at;
        if (body < text.Length && text[body] == '-')
            body++;
        while (body < text.Length && char.IsWhiteSpace(text[body]))
            body++;
        if (string.CompareOrdinal(text, body, "/*", 0, 2) == 0)
            at = AfterComment(text, body);

        var quotes = new Quotes(text);
        while (at < text.Length)
        {
            if (string.CompareOrdinal(text, at, "}}", 0, 2) == 0)
                return at + 2;
            at = quotes.After(at) ?? at + 1;
        }

        return null;
    }

    /// <summary>The action with its strings and comments blanked.</summary>
    public static string WithoutQuotes(string action)
    {
        var rest = new StringBuilder(action.Length);
        var quotes = new Quotes(action);
        for (var at = 0; at < action.Length;)
        {
            var after = string.CompareOrdinal(action, at, "/*", 0, 2) == 0 ? AfterComment(action, at) : quotes.After(at);
            rest.Append(after is null ? action[at] : ' ');
            at = after ?? at + 1;
        }

        return rest.ToString();
    }

    private static int AfterComment(string text, int at)
    {
        var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + 2;
    }

    // The strings, runes and raw strings of a text. For an unclosed quote it is recorded how far the search went: escaped quotes on that way close nothing
    // either, and a new search from each would make the time quadratic.
    private sealed class Quotes(string text)
    {
        private readonly Dictionary<char, int> unclosedUntil = [];

        /// <summary>The index after the string that opens at this place; null if none does or it is not closed.</summary>
        public int? After(int at)
        {
            var quote = text[at];
            if (quote is not ('"' or '\'' or '`') || at < unclosedUntil.GetValueOrDefault(quote))
                return null;
            var i = at + 1;
            for (; i < text.Length && (quote == '`' || text[i] != '\n'); i++)
            {
                if (text[i] == quote)
                    return i + 1;
                if (quote != '`' && text[i] == '\\')
                    i++;
            }

            unclosedUntil[quote] = i;
            return null;
        }
    }
}
