using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Runtime;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The loop {Loop} failed and restarts in {Delay}")]
    public static partial void LoopFailed(ILogger logger, string loop, TimeSpan delay, Exception failure);
}
