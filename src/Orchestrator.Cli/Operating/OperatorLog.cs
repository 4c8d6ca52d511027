using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Cli.Operating;

internal static partial class OperatorLog
{
    [LoggerMessage(1, LogLevel.Information, "{Identity} started for {Scope}; health and metrics are at {Address}")]
    public static partial void Started(ILogger logger, string identity, string scope, string address);

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "cannot read the cluster id, retrying: {Message}")]
    public static partial void NoClusterId(ILogger logger, string message);
}
