using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Call}: watch stalled; resuming from the last event")]
    public static partial void WatchStalled(ILogger logger, ApiCall call);

    [LoggerMessage(2, LogLevel.Information, "{Call}: watch broken ({Message}); resuming from the last event")]
    public static partial void WatchBroken(ILogger logger, ApiCall call, string message);

    [LoggerMessage(3, LogLevel.Information, "{Identity} leads: it holds the Lease {Lease}")]
    public static partial void Leading(ILogger logger, ObjectKey lease, string identity);

    [LoggerMessage(4, LogLevel.Warning, "{Identity} no longer leads: lost the Lease {Lease}, aborting all work")]
    public static partial void LeaseLost(ILogger logger, ObjectKey lease, string identity);

    [LoggerMessage(5, LogLevel.Warning, "cannot read or write the Lease {Lease}: {Message}")]
    public static partial void LeaseUnreachable(ILogger logger, ObjectKey lease, string message);

    [LoggerMessage(6, LogLevel.Warning, "did not write the event {Reason} of {Component}: {Message}")]
    public static partial void EventNotWritten(ILogger logger, ObjectKey component, string reason, string message);
}
