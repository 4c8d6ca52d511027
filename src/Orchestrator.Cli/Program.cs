using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;

var terminal = Terminal.OfProcess();
// On a thread that no command waits for, nothing else is between an exception and the runtime's own way to end.
AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    Environment.Exit(UnexpectedError.Report((Exception)unhandled.ExceptionObject, args, terminal.Error));
return await DorchCommand.Run(args, new(terminal, Console.OpenStandardInput(), TimeProvider.System), CancellationToken.None);
