using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Secrets Manager as a service of the AWS SDK: signing, retries, clock skew and connections are the SDK's.</summary>
internal sealed class SecretsManagerService(AWSCredentials credentials, SecretsManagerConfig config)
    : AmazonServiceClient(credentials, config)
{
    /// <summary>The host of calls, for error messages.</summary>
    public string Host { get; } = config.Address.Authority;

    /// <summary>Bodies hold secrets, whatever the SDK's global logging settings are.</summary>
    protected override bool SupportResponseLogging => false;

    public Task<ServiceAnswer> Send(ServiceCall call, CancellationToken cancellation) => InvokeAsync<ServiceAnswer>(
        call,
        new InvokeOptions { RequestMarshaller = RequestMarshaller.Instance, ResponseUnmarshaller = new AnswerUnmarshaller(call) },
        cancellation);

    // Called by the base constructor, when only Config is there.
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        var options = ((SecretsManagerConfig)Config).Options;
        pipeline.AddHandlerAfter<Marshaller>(new SigV4Handler());
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new QuotaAwareRetryPolicy(Config, options)));
        // For each attempt, in reverse order: the wait for its quota, the lease, the caller's check; only then it counts and its timeout starts.
        pipeline.AddHandlerAfter<RetryHandler>(new TelemetryHandler());
        pipeline.AddHandlerAfter<RetryHandler>(new AttemptTimeoutHandler(options.AttemptTimeout, options.TimeProvider));
        pipeline.AddHandlerAfter<RetryHandler>(new CheckHandler());
        if (options.WriteLease is { } lease)
            pipeline.AddHandlerAfter<RetryHandler>(new WriteLeaseHandler(lease, options.AttemptTimeout));
        pipeline.AddHandlerAfter<RetryHandler>(new CallRateHandler());
        pipeline.AddHandlerAfter<ErrorHandler>(new ClockHandler(((SecretsManagerConfig)Config).Clock));
    }
}
