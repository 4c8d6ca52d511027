using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Controllers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Kind} {Key} is tried again: {Exception}: {Message}")]
    public static partial void ReconcileFailed(ILogger logger, string kind, ObjectKey key, string exception, string message);

    [LoggerMessage(2, LogLevel.Warning, "{Kind} {Key} cannot be read, so nothing is done with it until it is mended: {Message}")]
    public static partial void Unreadable(ILogger logger, string kind, ObjectKey key, string message);
}
