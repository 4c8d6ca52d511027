using System.CommandLine;
using DeploymentOrchestrator.Cli.Rendering;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

namespace DeploymentOrchestrator.Cli.Commands;

/// <summary><c>dorch secrets-manager</c></summary>
internal sealed class SecretsManagerCommand : ExplainedCommand
{
    private readonly Option<int> port = Parameters.Port("--port", "The port; 0 takes a free one", SecretAccess.SuggestedPort);
    private readonly Option<RequestQuotas> quotas = QuotasOption();
    private readonly Option<TimeSpan?> deleteDelay = Parameters.Duration(
        "--force-delete-delay", "How long after a forced deletion the secret is still there and its name taken. On AWS that is some seconds");

    private readonly Option<TimeSpan?> lag = Parameters.Duration(
        "--read-after-create-lag", "How long after CreateSecret the secret is not found yet. On AWS that happens");

    private readonly Option<IReadOnlyList<FaultParameter>> faults = FaultParameter.Option();
    private readonly Option<string?> iamPolicy = new("--iam-policy")
    {
        Description = "An IAM policy (JSON): what every caller may do. Without it everything is allowed",
        HelpName = "FILE",
    };

    /// <summary>The command.</summary>
    public SecretsManagerCommand(CommandContext context)
        : base("secrets-manager", "Run the embedded Secrets Manager alone, on 127.0.0.1, for any AWS client. Its secrets are in memory and end with it.")
    {
        foreach (var option in (Option[])[port, quotas, iamPolicy, faults, deleteDelay, lag])
            Options.Add(option);
        SetAction((parsed, cancellation) => Run(parsed, context, cancellation));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "dorch secrets-manager",
        "dorch secrets-manager --quotas aws --iam-policy policy.json",
        "dorch secrets-manager --fault CreateSecret=cut-after --fault DescribeSecret=throttle:3 --fault GetRandomPassword=slow:5s",
        $"{EmulatorEnvironment.Credentials} aws --endpoint-url http://127.0.0.1:{SecretAccess.SuggestedPort} --region us-east-1 secretsmanager list-secrets",
    ];

    private async Task<int> Run(ParseResult parsed, CommandContext context, CancellationToken cancellation)
    {
        var file = parsed.GetValue(iamPolicy);
        var policy = file is null ? null : await ReadPolicy(file, context.Terminal.Error, cancellation);
        if (file is not null && policy is null)
            return ExitCode.Invalid;
        var options = new EmulatorOptions
        {
            Port = parsed.GetRequiredValue(port),
            Quotas = parsed.GetValue(quotas),
            IamPolicy = policy,
            ForceDeleteDelay = parsed.GetValue(deleteDelay) ?? TimeSpan.Zero,
            ReadAfterCreateLag = parsed.GetValue(lag) ?? TimeSpan.Zero,
            TimeProvider = context.Time,
        };
        return await Serve(options, parsed.GetRequiredValue(faults), context, cancellation);
    }

    private static async Task<int> Serve(
        EmulatorOptions options, IReadOnlyList<FaultParameter> faults, CommandContext context, CancellationToken cancellation)
    {
        try
        {
            await using var server = await SecretsManagerServer.StartAsync(options, cancellation);
            foreach (var fault in faults)
                server.Faults.Queue(fault.Operation, fault.Fault, fault.Count);
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
            await context.Terminal.Error.WriteLineAsync($"dorch: port {options.Port} cannot be had: {e.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Null where the file cannot be read or has problems; each is told.</summary>
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
            await error.WriteLineAsync($"dorch: --iam-policy {file} cannot be read: {e.Message}");
        }
        return null;
    }

    private static Option<RequestQuotas> QuotasOption() => new("--quotas")
    {
        Description = "aws: throttle as AWS does, by operation, account and region; none, the default: never",
        HelpName = "none|aws",
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "none":
                    return RequestQuotas.None;
                case "aws":
                    return RequestQuotas.Aws;
                default:
                    result.AddError($"--quotas must be none or aws, not \"{result.Tokens[0].Value}\"");
                    return RequestQuotas.None;
            }
        },
    };
}
