using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>Shows the clock the Date header of every answer, refusals included.</summary>
internal sealed class ClockHandler(AwsClock clock) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (HttpErrorResponseException e)
        {
            Observe(e.Response);
            throw;
        }
        finally
        {
            Observe(executionContext.ResponseContext.HttpResponse);
        }
    }

    private void Observe(IWebResponseData? answer)
    {
        if (AnswerDate.Of(answer) is { } date)
            clock.Observe(date);
    }
}

/// <summary>The Date header of an answer.</summary>
internal static class AnswerDate
{
    /// <summary>The date, or null if it is missing or malformed.</summary>
    public static DateTimeOffset? Of(IWebResponseData? answer) =>
        DateTimeOffset.TryParseExact(
            answer?.GetHeaderValue("Date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;
}
