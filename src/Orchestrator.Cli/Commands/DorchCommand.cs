using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The program: its commands, its help, its usage errors.</summary>
internal static class DorchCommand
{
    // Time to stop the controllers and to close the Secrets Manager.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> Run(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellation)
    {
        var parsed = Create(context).Parse(arguments.Count == 0 ? ["--help"] : arguments, new() { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            Output = context.Terminal.Out,
            Error = context.Terminal.Error,
            ProcessTerminationTimeout = StopWithin,
            EnableDefaultExceptionHandler = false,
        };
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
                await context.Terminal.Error.WriteLineAsync($"dorch: {error.Message}");
            await context.Terminal.Error.WriteLineAsync($"{CommandLine(parsed.CommandResult.Command)} --help tells more.");
            return ExitCode.Invalid;
        }

        var code = await parsed.InvokeAsync(configuration, cancellation);
        return arguments.Count == 0 ? ExitCode.Invalid : code;
    }

    private static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand(
            "Deployment Orchestrator: brings a Composition, a graph of components that use each other's outputs, to Ready.\n"
            + "On this machine everything it needs is embedded: the store of resources, the controllers and a Secrets Manager.")
        {
            new UpCommand(context),
            new DownCommand(context),
            new ValidateCommand(context),
            new SecretsManagerCommand(context),
        };
        root.HelpName = "dorch";
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new ExplainingHelp((HelpAction)option.Action!);
        return root;
    }

    private static string CommandLine(Command command) => command is RootCommand ? "dorch" : $"dorch {command.Name}";
}
