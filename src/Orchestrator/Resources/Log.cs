using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Resources;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Following {Type}: {Error}: {Message}; next try in {Delay}")]
    public static partial void WatchFailed(ILogger logger, ResourceType type, ResourceError error, string message, TimeSpan delay);
}
