using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;

var terminal = Terminal.OfProcess();
// An exception on a thread that no command awaits would otherwise end the process with a stack trace.
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    Environment.Exit(UnexpectedError.Report((Exception)unhandled.ExceptionObject, args, terminal.Error));
return await DorchCommand.Run(args, new(terminal, Console.OpenStandardInput(), TimeProvider.System), CancellationToken.None);
