using Microsoft.Extensions.DependencyInjection;
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

    [LoggerMessage(4, LogLevel.Warning, "metrics and traces are not exported to {Host}:{Port} and are dropped: {Error}")]
    public static partial void ExportFailed(ILogger logger, string host, int port, string error);

    [LoggerMessage(5, LogLevel.Information, "metrics and traces are exported to {Host}:{Port} again")]
    public static partial void ExportWorks(ILogger logger, string host, int port);

    [LoggerMessage(6, LogLevel.Warning, "cannot forbid core dumps of this process: prctl(PR_SET_DUMPABLE) failed with error {Error}")]
    public static partial void CoreDumpsAllowed(ILogger logger, int error);
}

/// <summary>Logs as one JSON object a line on the standard error, with UTC times.</summary>
internal static class OperatorLogging
{
    public static ILoggerFactory Create() => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Information);
        // Only failures of the web server matter.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // An address in use ends the program, which reports it itself.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.IncludeScopes = false;
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
