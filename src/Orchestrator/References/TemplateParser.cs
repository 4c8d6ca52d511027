namespace DeploymentOrchestrator.References;

/// <summary>Splits one text into the pieces of a <see cref="Template"/>, from left to right.</summary>
/// <param name="text">The text.</param>
internal sealed class TemplateParser(string text)
{
    private const int MaxShown = 100;
    private const string Escape = "a backslash before it leaves it as it is";

    // The characters that Go's trim markers remove.
    private static readonly char[] Spaces = [' ', '\t', '\r', '\n'];

    private readonly List<TemplatePart> parts = [];
    private readonly List<string> problems = [];
    private int literalStart;
    private int scanned;
    private bool trimNext;

    /// <summary>Splits the text, once.</summary>
    public Template Parse()
    {
        if (!NearReference.MayOccur(text))
            return new(text.Length > 0 ? [new(text, null)] : [], []);
        if (NearReference.Whole(text) is { } whole)
        {
            return IsEscaped(whole.Start)
                ? new([new(text.Remove(whole.Start - 1, 1), null)], [])
                : new([new(text, null)], [Refused(text[whole.Start..whole.End], whole.Suggestion)]);
        }

        for (var at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0;)
        {
            if (at + 2 < text.Length && text[at + 2] == '{')
            {
                // A brace of foreign JSON right before an action: the action starts one character later.
                at++;
                continue;
            }

            var end = TakeAction(at);
            at = end < text.Length ? text.IndexOf("{{", end, StringComparison.Ordinal) : -1;
        }

        ScanText(text.Length);
        AddLiteral(text.Length, trimEnd: false);
        return new(parts, problems);
    }

    // Takes the action that starts here, and returns its end. A foreign one stays in the literal text.
    private int TakeAction(int at)
    {
        var closed = GoAction.End(text, at);
        var end = closed ?? text.Length;
        var action = text[at..end];
        ScanText(at);
        scanned = end;
        var ours = Template.Ours().Match(action);
        var meant = ours.Success ? null : NearReference.InAction(action);
        if (!ours.Success && meant is null)
            return end;

        if (at > literalStart && IsEscaped(at))
        {
            AddLiteral(at - 1, trimEnd: false);
            literalStart = at;
        }
        else if (ours.Success)
        {
            AddLiteral(at, trimEnd: ours.Groups["left"].Length > 0);
            parts.Add(new(action, Template.Read(ours)));
            literalStart = end;
            trimNext = ours.Groups["right"].Length > 0;
        }
        else
        {
            problems.Add(closed is null ? $"{Shown(action)} is not closed: end it with }}}}, as in {meant}; {Escape}"
                : Refused(action, NearReference.IsPathAlone(action) ? meant! : $"{meant}, alone or with | toString or | fromJson"));
        }

        return end;
    }

    // Near misses of a reference between two actions.
    private void ScanText(int end)
    {
        foreach (var near in NearReference.InText(text, scanned, end))
        {
            if (near.Start == literalStart || !IsEscaped(near.Start))
            {
                problems.Add(Refused(text[near.Start..near.End], near.Suggestion));
                continue;
            }

            AddLiteral(near.Start - 1, trimEnd: false);
            literalStart = near.Start;
        }
    }

    private void AddLiteral(int end, bool trimEnd)
    {
        var literal = text[literalStart..end];
        if (trimNext)
            literal = literal.TrimStart(Spaces);
        if (trimEnd)
            literal = literal.TrimEnd(Spaces);
        trimNext = false;
        if (literal.Length > 0)
            parts.Add(new(literal, null));
    }

    private bool IsEscaped(int at) => at > 0 && text[at - 1] == '\\';

    private static string Refused(string text, string meant) => $"{Shown(text)} is not a reference: write {meant}; {Escape}";

    // The first line only: an unclosed action runs to the text's end.
    private static string Shown(string action)
    {
        var line = action.IndexOfAny(['\r', '\n']) is >= 0 and var end ? action[..end].TrimEnd() : action;
        return line.Length <= MaxShown ? line : line[..MaxShown] + "…";
    }
}
