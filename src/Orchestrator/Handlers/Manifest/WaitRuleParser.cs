using System.Text.RegularExpressions;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Parses a <see cref="WaitRule"/>, and suggests a valid one for an invalid text.</summary>
internal static partial class WaitRuleParser
{
    private const string Condition = "condition=";
    private const string JsonPath = "jsonpath=";
    private const string Examples = "write condition=Ready or jsonpath={.status.phase}=Running, as for kubectl wait";

    private const int MostShown = 80;

    private static readonly string[] Statuses = ["True", "False", "Unknown"];

    /// <summary>Parses a rule; null if the text is invalid.</summary>
    /// <param name="text">The text after <c>for:</c>.</param>
    /// <param name="problem">What is wrong with it, and what to write; empty if it is valid.</param>
    public static WaitRule? Parse(string text, out string problem)
    {
        problem = "";
        if (text.Equals("create", StringComparison.OrdinalIgnoreCase))
            return new CreatedRule(text);
        if (text.Equals("delete", StringComparison.OrdinalIgnoreCase))
            problem = "delete cannot be waited for: the Component keeps every object of its list; to delete one, take it out of manifests";
        else if (text.StartsWith(Condition, StringComparison.Ordinal))
            return OfCondition(text, text[Condition.Length..], out problem);
        else if (text.StartsWith(JsonPath, StringComparison.Ordinal))
            return OfField(text, text[JsonPath.Length..], out problem);
        else
            problem = $"\"{Shown(text)}\" is not something to wait for: {Suggestion(text)}";
        return null;
    }

    private static ConditionRule? OfCondition(string text, string rest, out string problem)
    {
        problem = "";
        var equals = rest.IndexOf('=', StringComparison.Ordinal);
        var (type, status) = equals < 0 ? (rest, Statuses[0]) : (rest[..equals], rest[(equals + 1)..]);
        if (!ConditionType().IsMatch(type))
            problem = $"\"{Shown(type)}\" is not the type of a condition: write one such as condition=Ready, without spaces";
        else if (Array.Find(Statuses, s => s.Equals(status, StringComparison.OrdinalIgnoreCase)) is { } known)
            return new(text, type, known);
        else
            problem = $"a condition is {string.Join(", ", Statuses[..^1])} or {Statuses[^1]}, never \"{Shown(status)}\"{NearestName.Hint(status, Statuses)}";
        return null;
    }

    private static FieldRule? OfField(string text, string rest, out string problem)
    {
        // Quotes for the shell, copied from a command line.
        var match = Field().Match(rest);
        var (path, value) = match.Success ? (match.Groups["path"].Value, match.Groups["value"]) : Relaxed(rest);
        if (FieldPath.ParseJsonPath(path, out problem) is not { } parsed)
        {
            // JSONPath's recursive descent.
            problem = path.Contains("..", StringComparison.Ordinal) ? ".. names more than one place: write each key on the way" : FieldRule.InJsonPath(problem);
            problem = $"\"{Shown(path)}\" is not one place of an object: {problem}";
            return null;
        }

        if (!value.Success)
            return new(text, parsed, null);
        var wanted = value.Value.Trim().Trim('\'', '"').Trim();
        if (wanted.Length > 0)
            return new(text, parsed, wanted);
        problem = $"has no value after the =: write one, as in jsonpath={{.status.phase}}=Running, or leave the = out to wait for any value";
        return null;
    }

    // A path without braces ends at the first = that is not part of a filter's ==.
    private static (string Path, Group Value) Relaxed(string rest)
    {
        var match = Bare().Match(rest);
        return (match.Groups["path"].Value, match.Groups["value"]);
    }

    private static string Shown(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}…";

    private static string Suggestion(string text)
    {
        // Shell syntax of a copied command line.
        var bare = text.Trim('\'', '"');
        bare = bare.StartsWith("--for", StringComparison.Ordinal) ? bare[5..].TrimStart('=', ' ').Trim('\'', '"') : bare;
        if (bare.Length < text.Length && Parse(bare, out _) is not null)
            return $"write {bare}";
        if (ConditionType().IsMatch(text) && NearestName.Of(text, ["condition", "jsonpath", "create", "delete"]) is null)
            return $"did you mean condition={text}? Otherwise {Examples}";
        if (FieldLike().Match(text) is { Success: true } field)
            return $"did you mean jsonpath={{.{field.Groups["path"].Value}}}{field.Groups["value"].Value}?";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && NearestName.Of(text[..equals], ["condition", "jsonpath"]) is { } word
            ? $"did you mean {word}{text[equals..]}?"
            : Examples;
    }

    // All of them run in linear time.
    [GeneratedRegex(@"\A[^\s=""'{}]{1,316}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, -1)]
    private static partial Regex ConditionType();

    [GeneratedRegex(@"\A'?(?<path>\{([^{}""']|""[^""]*""|'[^']*')*\})'?(=(?<value>.*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, -1)]
    private static partial Regex Field();

    [GeneratedRegex(@"\A(?<path>([^=]|==)*)(=(?<value>.*))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, -1)]
    private static partial Regex Bare();

    [GeneratedRegex(@"\A\{?\.?(?<path>(status|spec|metadata)\.[A-Za-z0-9_.\[\]-]+)\}?(?<value>=[^=].*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, -1)]
    private static partial Regex FieldLike();
}
