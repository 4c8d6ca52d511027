using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch secrets-manager</c></summary>
internal sealed class SecretsManagerCommand : ExplainedCommand
{
    /// <summary>The command.</summary>
    public SecretsManagerCommand(CommandContext context)
        : base("secrets-manager", "Run the embedded Secrets Manager alone, on 127.0.0.1, for any AWS client. Its secrets are in memory and end with it.")
    {
        var port = Parameters.Port("--port", "The port; 0 takes a free one", SecretAccess.SuggestedPort);
        Options.Add(port);
        SetAction((parsed, cancellation) => Run(parsed.GetRequiredValue(port), context, cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch secrets-manager",
        $"{EmulatorEnvironment.Credentials} aws --endpoint-url http://127.0.0.1:{SecretAccess.SuggestedPort} --region us-east-1 secretsmanager list-secrets",
    ];

    private static async Task<int> Run(int port, CommandContext context, CancellationToken cancellation)
    {
        try
        {
            await using var server = await SecretsManagerServer.StartAsync(new() { Port = port, TimeProvider = context.Time }, cancellation);
            await context.Terminal.Error.WriteLineAsync($"Secrets Manager is at {server.Endpoint.GetLeftPart(UriPartial.Authority)}, until Ctrl-C. For AWS clients:");
            foreach (var line in EmulatorEnvironment.Lines(server.Endpoint))
                await context.Terminal.Out.WriteLineAsync(line);
            await context.Terminal.Out.FlushAsync(cancellation);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, cancellation);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException e)
        {
            await context.Terminal.Error.WriteLineAsync($"dorch: port {port} cannot be had: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
