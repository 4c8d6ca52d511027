using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Following {Type}: {Error}: {Message}; next try in {Delay}")]
    public static partial void WatchFailed(ILogger logger, ResourceType type, string error, string message, TimeSpan delay);

    [LoggerMessage(2, LogLevel.Warning,
        "The store was restored from a backup: {Type} is listed at version {Version}, after {LastVersion} was known; the cache is replaced by the list")]
    public static partial void StoreRestored(ILogger logger, ResourceType type, string version, string lastVersion);

    [LoggerMessage(3, LogLevel.Information, "Following {Type}: it may not be watched as a whole, so each object is watched by its name: {Reason}")]
    public static partial void WatchedOneByOne(ILogger logger, ResourceType type, string reason);
}
