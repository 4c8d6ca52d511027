using System.CommandLine;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch secrets-manager</c></summary>
internal sealed class SecretsManagerCommand : ExplainedCommand
{
    private readonly Option<int> port = Parameters.Port("--port", "The port; 0 picks a free one", SecretAccess.SuggestedPort);
    private readonly Option<RequestQuotas> quotas = Parameters.Choice(
        "--quotas", "Throttle as AWS does, by operation, account and region (aws), or never (none, the default)",
        ("none", RequestQuotas.None), ("aws", RequestQuotas.Aws));

    private readonly Option<TimeSpan?> deleteDelay = Parameters.Duration(
        "--force-delete-delay", "How long a secret and its name remain after a forced deletion. On AWS it is some seconds");

    private readonly Option<TimeSpan?> lag = Parameters.Duration(
        "--read-after-create-lag", "How long reads do not find a new secret after CreateSecret, as happens on AWS");

    private readonly Option<IReadOnlyList<FaultParameter>> faults = FaultParameter.Option();
    private readonly Option<string?> iamPolicy = new("--iam-policy")
    {
        Description = "An IAM policy (JSON) that says what every caller may do (default: everything)",
        HelpName = "file",
    };

    public SecretsManagerCommand(CommandContext context)
        : base(context, "secrets-manager",
            "Run the embedded Secrets Manager alone on 127.0.0.1, for any AWS client. Its secrets are in memory and end with it.")
    {
        foreach (var option in (Option[])[port, quotas, iamPolicy, faults, deleteDelay, lag])
            Options.Add(option);
        SetAction((parsed, cancellation) => Run(parsed, context, cancellation));
    }

    public override IReadOnlyList<string> Examples =>
    [
        "dorch secrets-manager",
        "dorch secrets-manager --quotas aws --iam-policy policy.json",
        "dorch secrets-manager --fault CreateSecret=cut-after --fault DescribeSecret=throttle:3 --fault GetRandomPassword=slow:5s",
        $"{SecretAccess.EmbeddedCredentials} aws --endpoint-url http://127.0.0.1:{SecretAccess.SuggestedPort} --region us-east-1 secretsmanager list-secrets",
    ];

    private async Task<int> Run(ParseResult parsed, CommandContext context, CancellationToken cancellation)
    {
        var file = parsed.GetValue(iamPolicy);
        var policy = file is null ? null : await ReadPolicy(file, context.Terminal.Error, cancellation);
        if (file is not null && policy is null)
            return ExitCode.Invalid;
        try
        {
            await using var server = await SecretsManagerServer.StartAsync(new()
            {
                Port = parsed.GetRequiredValue(port),
                Quotas = parsed.GetValue(quotas),
                IamPolicy = policy,
                ForceDeleteDelay = parsed.GetValue(deleteDelay) ?? TimeSpan.Zero,
                ReadAfterCreateLag = parsed.GetValue(lag) ?? TimeSpan.Zero,
                TimeProvider = context.Time,
            }, cancellation);
            foreach (var fault in parsed.GetRequiredValue(faults))
                server.Faults.Queue(fault.Operation, fault.Fault, fault.Count);
            await context.Terminal.Error.WriteLineAsync(
                $"Secrets Manager listens on {server.Endpoint.GetLeftPart(UriPartial.Authority)} until Ctrl-C. To point AWS clients to it:");
            foreach (var line in SecretAccess.Exports(server.Endpoint))
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
            await context.Terminal.Error.WriteLineAsync(
                $"dorch: cannot listen on port {parsed.GetRequiredValue(port)}: {e.Message.TrimEnd('.')}; choose another with --port");
            return ExitCode.Failed;
        }
    }

    /// <summary>Null if the file cannot be read or has problems, which are printed.</summary>
    private static async Task<IamPolicy?> ReadPolicy(string file, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return IamPolicy.Parse(await File.ReadAllTextAsync(file, cancellation));
        }
        catch (IamPolicyException e)
        {
            foreach (var problem in e.Problems)
                await error.WriteLineAsync($"{file}: error: {problem}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"dorch: cannot read --iam-policy {file}: {e.Message}");
        }
        return null;
    }
}
