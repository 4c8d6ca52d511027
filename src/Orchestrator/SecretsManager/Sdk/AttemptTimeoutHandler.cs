using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// Gives each try its time, from signing to the last byte of the answer. What runs out of it is a <see cref="TimeoutException"/>, which
/// the SDK tries again; the caller's own cancellation stays what it is.
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
