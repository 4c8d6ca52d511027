using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Cli.Operating;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Identity} works in {Scope}; health and metrics are at {Address}")]
    public static partial void Started(ILogger logger, string identity, string scope, string address);

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "who the cluster is, is not known yet: {Message}")]
    public static partial void NoClusterId(ILogger logger, string message);
}
