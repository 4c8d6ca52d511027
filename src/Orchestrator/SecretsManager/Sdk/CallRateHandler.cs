using Amazon.Runtime;
using Amazon.Runtime.Internal;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Holds each try back until its quota lets it go, and slows the quota's calls down where AWS throttles all the same.</summary>
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

    // Whoever waits for a quota needs no worker, and others may.
    private static Task WaitForTurn(CallRate rate, CancellationToken cancellation)
    {
        var work = CurrentWork.Now;
        var turn = rate.WaitAsync(cancellation, work?.Tenant ?? "");
        return turn.IsCompleted || work is null ? turn : work.LendWorker(turn);
    }
}
