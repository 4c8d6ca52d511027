using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Controllers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Reconciling {Kind} {Key} failed and is retried: {Exception}: {Message}")]
    public static partial void ReconcileFailed(ILogger logger, string kind, ObjectKey key, string exception, string message);

    [LoggerMessage(2, LogLevel.Warning, "{Kind} {Key} cannot be read and is left alone until it is corrected: {Message}")]
    public static partial void Unreadable(ILogger logger, string kind, ObjectKey key, string message);
}
