using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DeploymentOrchestrator.Cli.Operating;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary>The program: its commands, its help, its usage errors.</summary>
internal static class DorchCommand
{
    // Long enough for the operator to finish its work and release the Lease; other commands need far less.
    private static readonly TimeSpan StopWithin = OperatorSettings.Grace + TimeSpan.FromSeconds(8);

    /// <summary>Runs a command line and returns its exit code.</summary>
    public static async Task<int> Run(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellation)
    {
        try
        {
            return await Invoke(arguments, context, cancellation);
        }
        catch (OutputException e)
        {
            e.Report(context.Terminal.Error);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> Invoke(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellation)
    {
        var parsed = Create(context).Parse(arguments.Count == 0 ? ["--help"] : arguments, new() { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            // For the help, which has line breaks.
            Output = new VisibleWriter(context.Terminal.DrawnOut, keepsLines: true),
            Error = new VisibleWriter(context.Terminal.DrawnError, keepsLines: true),
            ProcessTerminationTimeout = StopWithin,
            EnableDefaultExceptionHandler = false,
        };
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var problem in Problems(parsed))
                await context.Terminal.Error.WriteLineAsync($"dorch: {problem}");
            var command = parsed.CommandResult.Command;
            await context.Terminal.Error.WriteLineAsync($"dorch{(command is RootCommand ? "" : $" {command.Name}")} --help shows how to use it.");
            return ExitCode.Invalid;
        }

        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellation);
            return arguments.Count == 0 ? ExitCode.Invalid : code;
        }
        // Any other exception is a bug of dorch, and gets one line.
        catch (Exception e) when (e is not OutputException)
        {
            return UnexpectedError.Report(e, arguments, context.Terminal.Error);
        }
    }

    private static RootCommand Create(CommandContext context)
    {
        var root = new RootCommand(
            "Deployment Orchestrator: gives applications their credentials on Kubernetes and AWS.\n"
            + "`dorch up` runs everything on this machine: the resource store, the controllers and a Secrets Manager. `dorch operator` runs in a cluster.")
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
        root.Options.Add(new Option<bool>(UnexpectedError.Verbose) { Description = "Print the stack trace of an internal error", Recursive = true });
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new ExplainingHelp((HelpAction)option.Action!);
        return root;
    }

    // After an unknown command or option, the library also reports follow-up errors: missing arguments, and each word after it.
    private static IEnumerable<string> Problems(ParseResult parsed) => (parsed.UnmatchedTokens, parsed.CommandResult.Command) switch
    {
        ([['-', ..] option, ..], var command) => [Parameters.UnknownOption(command, option)],
        ([var unknown, ..], RootCommand root) => [$"there is no command \"{unknown}\"{NearestName.Hint(unknown, root.Subcommands.Select(c => c.Name))}"],
        _ => parsed.Errors.Select(e => e.Message),
    };
}
