using System.CommandLine;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The values of <c>--output</c>: the format of the result, and values for outputs. A value contains a =, which no format does.</summary>
internal sealed record RunOutput(OutputFormat Format, GivenOutputs Given)
{
    /// <summary>A table, and no values.</summary>
    public static readonly RunOutput Default = new(OutputFormat.Table, GivenOutputs.None);

    /// <summary>The option, repeatable.</summary>
    public static Option<RunOutput?> Option(string description) => new("--output", "-o")
    {
        Description = $"{description}; or a value for an output that no controller fills in (repeatable)",
        HelpName = "table|json|yaml|component.name=value",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var formats = new List<OutputFormat>();
            var given = new List<GivenOutput>();
            foreach (var text in result.Tokens.Select(token => token.Value))
            {
                if (!text.Contains('=', StringComparison.Ordinal) && Parameters.Formats.TryGetValue(text, out var format))
                    formats.Add(format);
                else if (!text.Contains('=', StringComparison.Ordinal))
                    result.AddError($"--output must be table, json, yaml or component.name=value, not \"{text}\"");
                else if (GivenOutput.Parse(text, out var problem) is { } output)
                    given.Add(output);
                else
                    result.AddError($"--output {text}: {problem}");
            }

            if (formats.Count > 1)
                result.AddError("--output names several formats: name one of table, json and yaml");
            return new(formats.FirstOrDefault(), new(given));
        },
    };
}
