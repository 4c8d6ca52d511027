using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>Parses a value; false if it is invalid.</summary>
internal delegate bool TryRead<T>(string text, out T value);

/// <summary>The arguments and options that several commands share. Each command creates its own.</summary>
internal static class Parameters
{
    /// <summary>Why <c>--aws</c> needs <c>--cluster-id</c>.</summary>
    public const string WhyClusterId = "it names the owner of the secrets, so that two laptops never take each other's";

    /// <summary>The output formats by name; the first is the default.</summary>
    public static readonly OrderedDictionary<string, OutputFormat> Formats =
        new(StringComparer.Ordinal) { ["table"] = OutputFormat.Table, ["json"] = OutputFormat.Json, ["yaml"] = OutputFormat.Yaml };

    private const string ClusterIdRule = "have 1-128 letters, digits and _ . : / = + - @";

    public static Argument<string[]> Paths() => RefuseUnknownOptions(new Argument<string[]>("PATH")
    {
        Description = "A file, a folder (its *.yaml, *.yml and *.json files, no subfolders), or - for the standard input",
        Arity = ArgumentArity.OneOrMore,
    });

    /// <summary>Refuses unknown options, which the parser would treat as arguments of the command.</summary>
    public static Argument<string[]> RefuseUnknownOptions(Argument<string[]> arguments)
    {
        arguments.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Select(token => token.Value).Where(value => value.StartsWith('-') && value != ManifestSource.StandardInput))
                result.AddError(UnknownOption(((CommandResult)result.Parent!).Command, token));
        });
        return arguments;
    }

    public static string UnknownOption(Command command, string token) =>
        $"there is no option {token}{NearestName.Hint(token, command.Options.Select(option => option.Name))}";

    /// <summary>
    /// An option whose value follows a rule, worded as it follows "must"; the error names the rule and what was written. The help shows the fallback.
    /// </summary>
    public static Option<T> Value<T>(string name, string helpName, string description, string rule, TryRead<T> read, Func<T>? fallback = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = fallback is null ? null : _ => fallback(),
        CustomParser = result =>
        {
            if (!read(result.Tokens[0].Value, out var value))
                result.AddError($"{name} must {rule}, not \"{result.Tokens[0].Value}\"");
            return value;
        },
    };

    public static Option<string?> Text(string name, string helpName, string description, string rule, Func<string, bool> isValid) =>
        Value<string?>(name, helpName, description, rule, (text, out value) => isValid(value = text));

    /// <summary>The same with any number of values: it may be given more than once, and with a separator each time with several.</summary>
    public static Option<T[]> Values<T>(string name, string helpName, string description, string rule, TryRead<T> read, char? separator = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var values = new List<T>();
            foreach (var text in result.Tokens.SelectMany(token => separator is { } between ? token.Value.Split(between) : [token.Value]))
            {
                if (read(text, out var value))
                    values.Add(value);
                else
                    result.AddError($"{name} must {rule}, not \"{text}\"");
            }

            return [.. values];
        },
    };

    /// <summary>One of several words; the first has the default value of its type.</summary>
    public static Option<T> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(choice => choice.Word).ToList();
        return Value(name, string.Join('|', words), description, $"be {string.Join(", ", words.SkipLast(1))} or {words[^1]}", (string text, out T value) =>
        {
            value = choices[Math.Max(words.IndexOf(text), 0)].Value;
            return words.Contains(text, StringComparer.Ordinal);
        });
    }

    public static Option<int> Number(string name, string helpName, string description, string rule, int least, int most, int fallback) =>
        Value(name, helpName, description, rule, (string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most, () => fallback);

    public static Option<int> Port(string name, string description, int fallback) =>
        Number(name, "port", description, "be a port, 0-65535", 0, ushort.MaxValue, fallback);

    /// <summary>A positive Go duration.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) =>
        Value<TimeSpan?>(name, "duration", description, "be a duration such as 90s, 5m or 1h30m", (text, out value) =>
            (value = GoDuration.TryParse(text, out var duration) ? duration : null) is not null);

    public static Option<OutputFormat> Output(string description)
    {
        var option = Choice("--output", description, [.. Formats.Select(format => (format.Key, format.Value))]);
        option.Aliases.Add("-o");
        return option;
    }

    public static Option<bool> Aws() => new("--aws") { Description = "Use AWS, with the standard environment variables and profiles; needs --cluster-id" };

    public static Option<string?> ClusterId(string description) => Text("--cluster-id", "id", description, ClusterIdRule, IsClusterId);

    public static Option<string[]> FormerClusterIds() => Values<string>(
        "--former-cluster-id", "id", "An id that this cluster had before it was rebuilt: secrets with that id are its own (repeatable)", ClusterIdRule,
        (text, out id) => IsClusterId(id = text));

    public static Option<string?> Namespace(string name, string description) =>
        Text(name, "name", description, "be the name of a namespace", DnsName.IsLabel);

    public static Option<bool> RequirePolicy(string description) => new("--require-policy") { Description = description };

    public static Option<double> QuotaShare(string description) =>
        Value("--quota-share", "share", $"{description}, above 0 and up to 1", "be a number above 0 and up to 1",
            (string text, out double share) =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is > 0 and <= 1, () => 0.5);

    /// <summary>Refuses <paramref name="option"/> without one of the others.</summary>
    public static void Needs(this Command command, Option option, string why, params Option[] others) => command.Validators.Add(result =>
    {
        if (IsGiven(result, option) && !Array.Exists(others, other => IsGiven(result, other)))
            result.AddError($"{option.Name} needs {string.Join(" or ", others.Select(other => other.Name))}: {why}");
    });

    /// <summary>Refuses two options together.</summary>
    public static void Excludes(this Command command, Option option, Option other, string why) => command.Validators.Add(result =>
    {
        if (IsGiven(result, option) && IsGiven(result, other))
            result.AddError($"{option.Name} cannot be combined with {other.Name}: {why}");
    });

    // It becomes part of a tag, https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html.
    private static bool IsClusterId(string id) =>
        id.Length is >= 1 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || "_.:/=+-@".Contains(c, StringComparison.Ordinal));

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
