using System.Text;
using DeploymentOrchestrator.Cli.Commands;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Tests.Cli.Commands;

/// <summary>The result of a command line.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs <c>dorch</c> in this process with its streams piped.</summary>
    public static Task<CommandLineRun> Of(params string[] arguments) => Of(arguments, "");

    public static async Task<CommandLineRun> Of(
        string[] arguments, string input = "", SecretsManagerOptions? aws = null, (TextWriter Out, TextWriter Error)? streams = null,
        CancellationTokenSource? interrupt = null, IResourceStore? cluster = null, TimeProvider? time = null)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(streams?.Out ?? output, streams?.Error ?? error);
        var context = new CommandContext(terminal, new MemoryStream(Encoding.UTF8.GetBytes(input)), time ?? TimeProvider.System)
        {
            FindCluster = (kubeconfig, context, clock) => cluster is null ? ClusterConnection.Find(kubeconfig, context, clock) : new(cluster, "default"),
            Aws = aws ?? new() { Credentials = AwsCredentialsSource.AccessKey("nobody", "nothing"), Endpoint = new("http://127.0.0.1:9"), MaxAttempts = 1 },
        };
        using var both = CancellationTokenSource.CreateLinkedTokenSource(interrupt?.Token ?? CancellationToken.None, TestContext.Current.CancellationToken);
        var code = await DorchCommand.Run(arguments, context, both.Token);
        return new(code, output.ToString(), error.ToString());
    }
}
