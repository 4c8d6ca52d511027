using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Policies;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "SecretPolicy {Name} cannot be read and allows nothing: {Problems}")]
    public static partial void Unreadable(ILogger logger, string name, string problems);
}
