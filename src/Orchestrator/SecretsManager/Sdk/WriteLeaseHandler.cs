using Amazon.Runtime;
using Amazon.Runtime.Internal;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Starts no attempt of a write that could end after the lease: another leader may have decided otherwise by then.</summary>
internal sealed class WriteLeaseHandler(IWriteLease lease, TimeSpan attemptTimeout) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var request = executionContext.RequestContext;
        if (((ServiceCall)request.OriginalRequest).IsWrite)
            await lease.WhenHeldFor(attemptTimeout, request.CancellationToken);
        return await base.InvokeAsync<T>(executionContext);
    }
}
