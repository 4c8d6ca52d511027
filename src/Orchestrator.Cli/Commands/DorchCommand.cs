using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DeploymentOrchestrator.Cli.Operating;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The program: its commands, its help, its usage errors.</summary>
internal static class DorchCommand
{
    // Time for the operator to finish what it began and to give its lease back; other commands need far less.
    private static readonly TimeSpan StopWithin = OperatorSettings.Grace + TimeSpan.FromSeconds(8);

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> Run(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellation)
    {
        var parsed = Create(context).Parse(arguments.Count == 0 ? ["--help"] : arguments, new() { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            // The help, whose text is ours alone and has lines.
            Output = context.Terminal.DrawnOut,
            Error = context.Terminal.DrawnError,
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

        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellation);
            return arguments.Count == 0 ? ExitCode.Invalid : code;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        // The last one: whatever nobody foresaw is told in one line.
        catch (Exception e)
        {
            return UnexpectedError.Report(e, arguments, context.Terminal.Error);
        }
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
            new PlanCommand(context),
            new StatusCommand(context),
            new OperatorCommand(context),
            new SecretsManagerCommand(context),
            new CrdsCommand(context),
        };
        root.HelpName = "dorch";
        root.Options.Add(new Option<bool>(UnexpectedError.Verbose) { Description = "Show the stack trace of an error of dorch itself", Recursive = true });
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new ExplainingHelp((HelpAction)option.Action!);
        return root;
    }

    private static string CommandLine(Command command) => command is RootCommand ? "dorch" : $"dorch {command.Name}";
}
