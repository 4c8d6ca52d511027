using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.References;

/// <summary>Splits the text of a <see cref="FieldPath"/> into its steps, from left to right.</summary>
internal sealed partial class FieldPathParser
{
    /// <summary>The maximum length of a path.</summary>
    public const int MaxLength = 1024;

    private readonly string text;
    private readonly Regex step;

    private FieldPathParser(string text, Regex step)
    {
        this.text = text;
        this.step = step;
    }

    /// <summary>Parses the syntax of references.</summary>
    public static FieldPathParser Dotted(string text) => new(text, DottedStep());

    /// <summary>Parses the inner part of a JSONPath, without its first dot.</summary>
    public static FieldPathParser JsonPath(string text) => new(text, JsonPathStep());

    /// <summary>The steps; null if the text is invalid.</summary>
    public IReadOnlyList<FieldStep>? Parse(out string problem)
    {
        problem = text.Length == 0 ? "is empty: write a path such as status.endpoint.address"
            : text.Length > MaxLength ? $"has {text.Length} characters, at most {MaxLength} are allowed"
            : "";
        if (problem.Length > 0)
            return null;
        var steps = new List<FieldStep>();

        // With a dot before the first key, all keys are parsed alike.
        var rest = text[0] == '[' ? text : $".{text}";
        for (var at = 0; at < rest.Length;)
        {
            var match = step.Match(rest, at);
            if (!match.Success || (match.Groups["index"].Success && match.Groups["index"].Value.Length > 6))
            {
                problem = Refused(rest, at);
                return null;
            }

            steps.Add(Read(match));
            at += match.Length;
        }

        if (steps[0].Key is not null)
            return steps;
        problem = "begins with a list, and an object has keys: write a path such as status.endpoint.address";
        return null;
    }

    private static FieldStep Read(Match match) =>
        match.Groups["key"] is { Success: true } key ? new(Key: Escaped().Replace(key.Value, "${char}"))
        : match.Groups["index"] is { Success: true } index ? new(Index: int.Parse(index.ValueSpan))
        : new(Field: match.Groups["field"].Value, Value: match.Groups["value"].Value);

    private static string Refused(string rest, int at)
    {
        var wrong = rest[at..];
        var shown = wrong.Length <= 40 ? wrong : $"{wrong[..40]}…";
        return wrong switch
        {
            ['[', '-', ..] => $"{shown} is a negative index, and a list begins with [0]",
            ['.', '.', ..] when at == 0 => "begins with a dot: take it off",
            ['[', '*', ..] or ['.', '.', ..] or ['.', '*', ..] => $"{shown} names more than one place: write one, such as [0] or [type=Ready]",
            ['.'] => "ends with a dot: write the key that follows, or take the dot off",
            ['[', ..] => $"{shown} is not a step of a path: write [0], [\"key.with.dots\"] or [type=Ready]",
            _ => $"{shown} is not a step of a path: write a key with letters, digits, - and _ after a dot, any other key as [\"key.with.dots\"]",
        };
    }

    // All of them run in linear time, so they need no timeout, which a busy machine could exceed by accident.
    private const string Shared =
        @"\[(?<index>[0-9]+)\]|\[""(?<key>[^""\\\]]+)""\]|\['(?<key>[^'\\\]]+)'\]";

    [GeneratedRegex(
        @"\G(\.(?<key>[A-Za-z0-9_-]+)|" + Shared + @"|\[(?<field>[A-Za-z0-9_-]+)=(""(?<value>[^""\]]*)""|'(?<value>[^'\]]*)'|(?<value>[^""'=\]]+))\])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex DottedStep();

    [GeneratedRegex(
        @"\G(\.(?<key>([A-Za-z0-9_/-]|\\.)+)|" + Shared
            + @"|\[\?\(\s*@\.(?<field>[A-Za-z0-9_-]+)\s*==\s*(""(?<value>[^""]*)""|'(?<value>[^']*)')\s*\)\])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex JsonPathStep();

    [GeneratedRegex(@"\\(?<char>.)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex Escaped();
}
