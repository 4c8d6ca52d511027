using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;

return await DorchCommand.Run(args, new(Terminal.OfProcess(), Console.OpenStandardInput(), TimeProvider.System), CancellationToken.None);
