using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// The SDK's standard policy with two differences. LimitExceededException: the SDK counts it as a throttle, while for Secrets Manager it is a hard quota
/// (secrets in a region, versions in a day) that a retry cannot pass. Throttles of a call with a <see cref="CallRate"/>: the call was only too early, so
/// they use up neither the attempts nor the SDK's retry budget.
/// </summary>
internal sealed class QuotaAwareRetryPolicy : StandardRetryPolicy
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private readonly SecretsManagerOptions options;

    public QuotaAwareRetryPolicy(IClientConfig config, SecretsManagerOptions options) : base(config)
    {
        this.options = options;
        ThrottlingErrorCodes.Remove("LimitExceededException");
    }

    public override bool RetryLimitReached(IExecutionContext executionContext)
    {
        var call = Call(executionContext);
        return call.IsThrottled
            ? call.Throttles >= SecretsManagerOptions.MaxThrottles
            : executionContext.RequestContext.Retries - call.Throttles >= MaxRetries;
    }

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError) =>
        Call(executionContext).IsThrottled || base.OnRetry(executionContext, bypassAcquireCapacity, isThrottlingError);

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext)
    {
        var call = Call(executionContext);
        return call.IsThrottled
            ? Task.Delay(Pause(call.Throttles), options.TimeProvider, executionContext.RequestContext.CancellationToken)
            : base.WaitBeforeRetryAsync(executionContext);
    }

    // No jitter: the rate spreads the calls that return together.
    private static TimeSpan Pause(int throttles) => FirstPause * Math.Min(1 << (throttles - 1), LongestPause / FirstPause);

    private static ServiceCall Call(IExecutionContext executionContext) => (ServiceCall)executionContext.RequestContext.OriginalRequest;
}
