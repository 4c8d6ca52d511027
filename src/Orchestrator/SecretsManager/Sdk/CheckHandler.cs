using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Checks whether an attempt may still be sent, after all waits.</summary>
internal sealed class CheckHandler : PipelineHandler
{
    public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        ((ServiceCall)executionContext.RequestContext.OriginalRequest).Check?.Invoke(executionContext.RequestContext.Retries > 0);
        return base.InvokeAsync<T>(executionContext);
    }
}
