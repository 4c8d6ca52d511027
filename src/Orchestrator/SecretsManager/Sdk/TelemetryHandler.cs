using System.Diagnostics;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Counts and traces each attempt by its operation and AWS's code.</summary>
internal sealed class TelemetryHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var operation = ((ServiceCall)executionContext.RequestContext.OriginalRequest).Operation;
        using var span = Telemetry.Traces.StartActivity(operation, ActivityKind.Client);
        span?.SetTag("rpc.system", "aws-api").SetTag("rpc.service", "Secrets Manager").SetTag("rpc.method", operation);
        try
        {
            var answer = await base.InvokeAsync<T>(executionContext);
            Telemetry.AwsCalled(operation, null, isThrottle: false);
            return answer;
        }
        catch (Exception e)
        {
            var error = e as AmazonServiceException;
            var code = string.IsNullOrEmpty(error?.ErrorCode) ? e.GetType().Name : error.ErrorCode;
            var isThrottle = error is not null && AwsErrors.Classify(error.ErrorCode, (int)error.StatusCode) == AwsErrorKind.Throttled;
            Telemetry.AwsCalled(operation, code, isThrottle);
            span?.SetStatus(ActivityStatusCode.Error, code);
            throw;
        }
    }
}
