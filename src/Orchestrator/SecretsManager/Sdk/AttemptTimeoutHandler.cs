using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// Limits the time of each attempt, from signing to the last byte of the answer. An attempt that exceeds it ends in a <see cref="TimeoutException"/>,
/// which the SDK retries; the caller's own cancellation is not affected.
/// </summary>
internal sealed class AttemptTimeoutHandler(TimeSpan timeout, TimeProvider time) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var request = (RequestContext)executionContext.RequestContext;
        var caller = request.CancellationToken;
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, timer.Token);
        request.CancellationToken = either.Token;
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !caller.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
        finally
        {
            request.CancellationToken = caller;
        }
    }
}
