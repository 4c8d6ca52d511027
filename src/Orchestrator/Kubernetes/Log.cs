using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Call}: nothing came for too long; it is watched on from the last event")]
    public static partial void WatchStalled(ILogger logger, ApiCall call);

    [LoggerMessage(2, LogLevel.Information, "{Call}: the connection broke ({Message}); it is watched on from the last event")]
    public static partial void WatchBroken(ILogger logger, ApiCall call, string message);

    [LoggerMessage(3, LogLevel.Information, "{Identity} leads: it holds the Lease {Lease}")]
    public static partial void Leading(ILogger logger, ObjectKey lease, string identity);

    [LoggerMessage(4, LogLevel.Warning, "{Identity} leads no longer: the Lease {Lease} is lost, and all work is broken off")]
    public static partial void LeaseLost(ILogger logger, ObjectKey lease, string identity);

    [LoggerMessage(5, LogLevel.Warning, "the Lease {Lease} cannot be read or written: {Message}")]
    public static partial void LeaseUnreachable(ILogger logger, ObjectKey lease, string message);

    [LoggerMessage(6, LogLevel.Warning, "the event {Reason} of {Component} was not written: {Message}")]
    public static partial void EventNotWritten(ILogger logger, ObjectKey component, string reason, string message);
}
