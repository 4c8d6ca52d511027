using Amazon.Runtime;
using Amazon.Runtime.Internal;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Delays each attempt until its quota allows it, and slows the quota's calls down if AWS throttles them anyway.</summary>
internal sealed class CallRateHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var request = executionContext.RequestContext;
        var call = (ServiceCall)request.OriginalRequest;
        if (call.Rate is not { } rate)
            return await base.InvokeAsync<T>(executionContext);
        call.IsThrottled = false;
        await WaitForTurn(rate, request.CancellationToken);
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (AmazonServiceException e) when (AwsErrors.Classify(e.ErrorCode, (int)e.StatusCode) == AwsErrorKind.Throttled)
        {
            call.IsThrottled = true;
            call.Throttles++;
            rate.Throttled();
            throw;
        }
    }

    // A wait for a quota needs no worker; others may use it.
    private static Task WaitForTurn(CallRate rate, CancellationToken cancellation)
    {
        var work = CurrentWork.Now;
        var turn = rate.WaitAsync(cancellation, work?.Tenant ?? "");
        return turn.IsCompleted || work is null ? turn : work.LendWorker(turn);
    }
}
