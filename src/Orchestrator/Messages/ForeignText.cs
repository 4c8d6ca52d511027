using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.Messages;

/// <summary>
/// A text of an API server, a webhook or a controller for a status: its own sentence, without what only its authors understand (Go values, memory addresses),
/// what differs with each retry (request ids, times), and what is confidential (addresses, query strings).
/// </summary>
internal static partial class ForeignText
{
    private const int Short = 60;
    private const int Longest = 32 * 1024;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>The text on one line, at most <see cref="MessageText.MaxBytes"/> long. Idempotent.</summary>
    public static string Clean(string said)
    {
        // A removal may expose another match. No rule adds what another removes, so this ends.
        var text = said.Length > Longest ? said[..Longest] : said;
        string before;
        do
        {
            before = text;
            text = MessageText.Limit(Round(text));
        }
        while (text != before);
        return text;
    }

    private static string Round(string text)
    {
        text = Blank().Replace(text, " ");
        text = Request().Replace(text, "");
        text = Preamble().Replace(text, "");
        text = WithoutDumps(text);
        text = Pointer().Replace(text, "");
        text = UnnamedType().Replace(text, "got another type");
        text = Address().Replace(text, "${host}");
        text = Query().Replace(text, "");
        text = Connection().Replace(text, "");
        text = Resolver().Replace(text, "${name}: ");
        text = RequestId().Replace(text, "");
        text = Uuid().Replace(text, "…");
        text = CurrentTime().Replace(text, "now is");
        text = Pattern().Replace(text, "");
        text = LongValue().Replace(text, m => $"{m.Value[..Short]}…\"");
        text = NoValue().Replace(text, "");
        text = Gaps().Replace(text, " ").Trim(' ', ',', ':', ';');
        // Half of a character that was cut is not text.
        return string.Concat(text.EnumerateRunes());
    }

    // A composite literal of Go, or a refused JSON object: short lists and maps are kept, as people write them; anything else is removed.
    private static string WithoutDumps(string text)
    {
        for (var from = 0; DumpStart().Match(text, from) is { Success: true } start;)
        {
            var open = start.Index + start.Length - 1;
            var end = End(text, open);
            var inner = text[(open + 1)..Math.Max(open + 1, end - 1)].Trim();
            var isShort = inner.Length <= Short && end <= text.Length && text[end - 1] == '}' && !inner.Contains('{', StringComparison.Ordinal);
            var kept = start.Value switch
            {
                _ when !isShort => "",
                "{" => $"{{{inner}}}",
                "[]string{" => inner,
                _ when start.Value.StartsWith("map[", StringComparison.Ordinal) => $"{{{inner}}}",
                _ when inner.StartsWith("Value:", StringComparison.Ordinal) => inner["Value:".Length..],
                _ => "",
            };
            text = text[..start.Index] + kept + text[end..];
            from = start.Index + kept.Length;
        }

        return text;
    }

    // The position after the matching brace; the end of the text if there is none. A brace in a string does not count.
    private static int End(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] is '"' or '`')
            {
                var quote = text[i++];
                while (i < text.Length && text[i] != quote)
                    i += quote == '"' && text[i] == '\\' ? 2 : 1;
            }
            else if (text[i] == '{')
            {
                depth++;
            }
            else if (text[i] == '}' && --depth == 0)
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+", Options, 1000)]
    private static partial Regex Blank();

    [GeneratedRegex(@"\A(GET|HEAD|POST|PUT|PATCH|DELETE) /\S*: |\b(Get|Head|Post|Put|Patch|Delete) ""[^""]*"": ", Options, 1000)]
    private static partial Regex Request();

    [GeneratedRegex(
        @"Internal error occurred: |\A(failed to (create typed patch object|create manager for existing fields|convert new object)"
        + @"( \([^)]*\))?( to smd typed| to proper version)?: "
        + @"|unable to convert unstructured object to \S+, Kind=\w+: |errors: |[\w.]+ ""[^""]*"" is invalid: )+", Options, 1000)]
    private static partial Regex Preamble();

    [GeneratedRegex(@"(?<!\w)((&|\*|\[\])*(map\[[^\]\s]*\][\w.\[\]*]+|(?<=\[\])[\w.*]+|[a-z]\w*\.[A-Za-z]\w*)|(?<=(Invalid|Unsupported) value: ))\{",
        Options, 1000)]
    private static partial Regex DumpStart();

    [GeneratedRegex(@"\(\*[\w.]+\)\((0x[0-9a-f]+|nil)\)|0x[0-9a-f]{6,}", Options, 1000)]
    private static partial Regex Pointer();

    [GeneratedRegex(@"got [*&]value\.\w+", Options, 1000)]
    private static partial Regex UnnamedType();

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.-]{0,15}://([^\s/?#@""'<>]*@)?(?<host>[^\s/?#""'<>),;]*)[^\s""'<>),;]*", Options, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<=/[^\s?]*)\?[^\s""'),;]*", Options, 1000)]
    private static partial Regex Query();

    [GeneratedRegex(@"\b(dial|read|write) (tcp|udp|unix)[46]?( \S+)?: ((connect|read|write): )?", Options, 1000)]
    private static partial Regex Connection();

    [GeneratedRegex(@"(?<name>\blookup \S+) on \S+: ", Options, 1000)]
    private static partial Regex Resolver();

    [GeneratedRegex(@"[,;(]? ?\brequest[ _-]?id\b[ :=""]*[\w-]*""?\)?", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex RequestId();

    [GeneratedRegex(@"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", Options | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\bcurrent time [0-9]{4}-[0-9T:.+Z-]+ is", Options, 1000)]
    private static partial Regex CurrentTime();

    [GeneratedRegex(@",? *regex used for validation is '[^']*'", Options, 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"(?<=(Invalid|Unsupported) value: )""([^""\\]|\\.){62,}""", Options, 1000)]
    private static partial Regex LongValue();

    [GeneratedRegex(@"\b(Invalid|Unsupported) value: ?: ?", Options, 1000)]
    private static partial Regex NoValue();

    [GeneratedRegex(@" {2,}| (?=[,;:])", Options, 1000)]
    private static partial Regex Gaps();
}
