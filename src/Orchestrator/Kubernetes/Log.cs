using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Call}: nothing came for too long; it is watched on from the last event")]
    public static partial void WatchStalled(ILogger logger, ApiCall call);

    [LoggerMessage(2, LogLevel.Information, "{Call}: the connection broke ({Message}); it is watched on from the last event")]
    public static partial void WatchBroken(ILogger logger, ApiCall call, string message);
}
