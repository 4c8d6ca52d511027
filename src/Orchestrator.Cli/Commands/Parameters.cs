using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The arguments and options that several commands share. Each command makes its own.</summary>
internal static class Parameters
{
    /// <summary>Why <c>--aws</c> does not go without <c>--cluster-id</c>.</summary>
    public const string WhyClusterId = "it says whose the secrets are, so that two laptops never take each other's";

    private const string ClusterIdRule = "must have 1-128 letters, digits and _ . : / = + - @";

    /// <summary><c>PATH…</c></summary>
    public static Argument<string[]> Paths()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "A file, a folder (its *.yaml, *.yml and *.json files, no subfolders), or - for the standard input",
            Arity = ArgumentArity.OneOrMore,
        };

        RefuseUnknownOptions(paths);
        return paths;
    }

    /// <summary>The parser takes an option that it does not know for one more of the command's arguments.</summary>
    public static void RefuseUnknownOptions(Argument<string[]> arguments) => arguments.Validators.Add(result =>
    {
        var options = ((CommandResult)result.Parent!).Command.Options.Select(option => option.Name).ToList();
        foreach (var token in result.Tokens.Select(token => token.Value).Where(value => value.StartsWith('-') && value != ManifestSource.StandardInput))
            result.AddError($"there is no option {token}{NearestName.Hint(token, options)}");
    });

    /// <summary><c>--kubeconfig</c></summary>
    public static Option<string?> Kubeconfig() => new("--kubeconfig")
    {
        Description = "The kubeconfig file (default: KUBECONFIG, the Pod's ServiceAccount, ~/.kube/config)",
        HelpName = "file",
    };

    /// <summary><c>--context</c></summary>
    public static Option<string?> Context() => new("--context") { Description = "The kubeconfig's context (default: its current one)", HelpName = "name" };

    /// <summary><c>-o</c></summary>
    public static Option<OutputFormat> Output(string description) =>
        new("--output", "-o")
        {
            Description = description,
            HelpName = "table|json|yaml",
            CustomParser = result =>
            {
                switch (result.Tokens[0].Value)
                {
                    case "table":
                        return OutputFormat.Table;
                    case "json":
                        return OutputFormat.Json;
                    case "yaml":
                        return OutputFormat.Yaml;
                    default:
                        result.AddError($"--output must be table, json or yaml, not \"{result.Tokens[0].Value}\"");
                        return OutputFormat.Table;
                }
            },
        };

    /// <summary><c>--timeout</c></summary>
    public static Option<TimeSpan?> Timeout(string description) => Duration("--timeout", description);

    /// <summary>A duration as Go writes it, over zero.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "duration",
        CustomParser = result =>
        {
            if (GoDuration.TryParse(result.Tokens[0].Value, out var duration))
                return duration;
            result.AddError($"{name} must be a duration such as 90s, 5m or 1h30m, not \"{result.Tokens[0].Value}\"");
            return null;
        },
    };

    /// <summary><c>--aws</c></summary>
    public static Option<bool> Aws() => new("--aws")
    {
        Description = "Work on AWS, with the standard environment variables and profiles; needs --cluster-id",
    };

    /// <summary><c>--cluster-id</c></summary>
    public static Option<string?> ClusterId(string description) => new("--cluster-id")
    {
        Description = description,
        HelpName = "id",
        CustomParser = result =>
        {
            var id = result.Tokens[0].Value;
            if (IsClusterId(id))
                return id;
            result.AddError($"--cluster-id {ClusterIdRule}, not \"{id}\"");
            return null;
        },
    };

    /// <summary><c>--former-cluster-id</c></summary>
    public static Option<string[]> FormerClusterIds() => new("--former-cluster-id")
    {
        Description = "An id that this cluster had before it was rebuilt: the secrets of that id are its own (may be given several times)",
        HelpName = "id",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var ids = result.Tokens.Select(token => token.Value).ToArray();
            foreach (var id in ids.Where(id => !IsClusterId(id)))
                result.AddError($"--former-cluster-id {ClusterIdRule}, not \"{id}\"");
            return ids;
        },
    };

    /// <summary><c>--quota-share</c></summary>
    public static Option<double> QuotaShare(string description) => new("--quota-share")
    {
        Description = $"{description}, above 0 and up to 1 (default 0.5)",
        HelpName = "share",
        DefaultValueFactory = _ => 0.5,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1)
                return share;
            result.AddError($"--quota-share must be a number above 0 and up to 1, not \"{text}\"");
            return 0;
        },
    };

    /// <summary>A TCP port.</summary>
    public static Option<int> Port(string name, string description, int defaultPort) => new(name)
    {
        Description = description,
        HelpName = "port",
        DefaultValueFactory = _ => defaultPort,
        CustomParser = result =>
        {
            if (ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                return port;
            result.AddError($"{name} must be a port, 0-65535, not \"{result.Tokens[0].Value}\"");
            return 0;
        },
    };

    /// <summary>Refuses <paramref name="option"/> without <paramref name="needed"/>.</summary>
    public static void Needs(this Command command, Option option, Option needed, string why) => command.Validators.Add(result =>
    {
        if (IsGiven(result, option) && !IsGiven(result, needed))
            result.AddError($"{option.Name} needs {needed.Name}: {why}");
    });

    /// <summary>Refuses two options together.</summary>
    public static void Excludes(this Command command, Option option, Option other, string why) => command.Validators.Add(result =>
    {
        if (IsGiven(result, option) && IsGiven(result, other))
            result.AddError($"{option.Name} and {other.Name} do not go together: {why}");
    });

    // It becomes part of a tag, https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html.
    private static bool IsClusterId(string id) =>
        id.Length is >= 1 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || "_.:/=+-@".Contains(c, StringComparison.Ordinal));

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
