using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A string of a config, cut into literal text and references. Ours is exactly <c>{{ .name.providerStatus.path }}</c>, with
/// <c>| toString</c> or <c>| fromJson</c> at most; every other <c>{{ … }}</c> belongs to whoever reads the string later (ESO's Go templates) and
/// stays literal, byte for byte. What narrowly misses ours is a problem.
/// </summary>
/// <param name="Parts">The pieces in order.</param>
/// <param name="Problems">What mixes a reference with something else, or narrowly misses one.</param>
internal sealed partial record Template(IReadOnlyList<TemplatePart> Parts, IReadOnlyList<string> Problems)
{
    private const int MaxShown = 100;
    private const string Escape = "a backslash before it leaves it as it is";

    // What Go's trim markers take away.
    private static readonly char[] Spaces = [' ', '\t', '\r', '\n'];

    /// <summary>The references, in order.</summary>
    public IEnumerable<Reference> References => Parts.Where(p => p.Reference is not null).Select(p => p.Reference!);

    /// <summary>Whether the text holds a reference of ours.</summary>
    public static bool HasReference(string text) => text.Contains("providerStatus", StringComparison.Ordinal) && Parse(text).References.Any();

    /// <summary>Cuts the text. Never fails: what is wrong is in <see cref="Problems"/>.</summary>
    public static Template Parse(string text)
    {
        var parts = new List<TemplatePart>();
        var problems = new List<string>();
        if (!NearReference.IsMentioned(text))
            return new(text.Length > 0 ? [new(text, null)] : [], []);
        if (NearReference.Whole(text) is { } whole)
        {
            if (!IsEscaped(text, whole.Start))
                return new([new(text, null)], [Refused(text[whole.Start..whole.End], whole.Meant)]);
            return new([new(text.Remove(whole.Start - 1, 1), null)], []);
        }

        var literalStart = 0;
        var scanned = 0;
        var trimNext = false;

        void Literal(int end, bool trimEnd)
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

        void Scan(int end)
        {
            foreach (var near in NearReference.InText(text, scanned, end))
            {
                if (near.Start == literalStart || !IsEscaped(text, near.Start))
                {
                    problems.Add(Refused(text[near.Start..near.End], near.Meant));
                    continue;
                }

                Literal(near.Start - 1, trimEnd: false);
                literalStart = near.Start;
            }
        }

        for (var at = text.IndexOf("{{", StringComparison.Ordinal); at >= 0;)
        {
            if (at + 2 < text.Length && text[at + 2] == '{')
            {
                // A brace of somebody's JSON right before an action: the action starts one further.
                at++;
                continue;
            }

            var closed = GoAction.End(text, at);
            var end = closed ?? text.Length;
            var action = text[at..end];
            Scan(at);
            scanned = end;
            var ours = Ours().Match(action);
            var meant = ours.Success ? null : NearReference.InAction(action);
            if (ours.Success || meant is not null)
            {
                if (at > literalStart && IsEscaped(text, at))
                {
                    Literal(at - 1, trimEnd: false);
                    literalStart = at;
                }
                else if (ours.Success)
                {
                    Literal(at, trimEnd: ours.Groups["left"].Length > 0);
                    parts.Add(new(action, Read(ours)));
                    literalStart = end;
                    trimNext = ours.Groups["right"].Length > 0;
                }
                else
                {
                    problems.Add(closed is null ? $"{Shown(action)} is not closed: end it with }}}}, as in {meant}; {Escape}"
                        : Refused(action, NearReference.IsPathAlone(action) ? meant! : $"{meant}, alone or with | toString or | fromJson"));
                }
            }

            at = end < text.Length ? text.IndexOf("{{", end, StringComparison.Ordinal) : -1;
        }

        Scan(text.Length);
        Literal(text.Length, trimEnd: false);
        return new(parts, problems);
    }

    private static bool IsEscaped(string text, int at) => at > 0 && text[at - 1] == '\\';

    private static string Refused(string text, string meant) => $"{Shown(text)} is not a reference: write {meant}; {Escape}";

    // One line of a message: an action that is not closed goes on to the text's end.
    private static string Shown(string action)
    {
        var line = action.IndexOfAny(['\r', '\n']) is >= 0 and var end ? action[..end].TrimEnd() : action;
        return line.Length <= MaxShown ? line : line[..MaxShown] + "…";
    }

    /// <summary>The steps of a path as it is written below <c>providerStatus</c>; null where it is none.</summary>
    internal static IReadOnlyList<ReferenceStep>? ReadPath(string path) =>
        OurPath().Match($".{path}") is { Success: true } match ? Steps(match) : null;

    private static Reference Read(Match ours) => new(ours.Groups["name"].Value, Steps(ours))
    {
        Function =
            ours.Groups["function"].Value switch
            {
                "toString" => ReferenceFunction.ToText,
                "fromJson" => ReferenceFunction.FromJson,
                _ =>
            ReferenceFunction.None
            },
    };

    private static IReadOnlyList<ReferenceStep> Steps(Match path) => [.. path.Groups["step"].Captures.Select(c => c.Value).Select(step =>
        step[0] == '[' ? new ReferenceStep(null, int.Parse(step.AsSpan(1, step.Length - 2))) : new(step[1..], null))];

    private const string Path = @"(?<step>\.[A-Za-z0-9_-]+)(?<step>\.[A-Za-z0-9_-]+|\[[0-9]{1,6}\])*";

    // Both patterns take time in proportion to the text, so they need no time limit, which a busy machine could only overrun by accident.
    [GeneratedRegex(
        @"\A\{\{(?<left>-)?\s*\.(?<name>[A-Za-z_][A-Za-z0-9_]*)\.providerStatus" + Path + @"(\s*\|\s*(?<function>toString|fromJson))?(\s*|\s(?<right>-))\}\}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Ours();

    [GeneratedRegex(@"\A" + Path + @"\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex OurPath();
}

/// <summary>A piece of a <see cref="Template"/>.</summary>
/// <param name="Text">The text as written.</param>
/// <param name="Reference">What it refers to; null for literal text.</param>
internal sealed record TemplatePart(string Text, Reference? Reference);
