using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>What the operator says of the actions: a line of the log, and a count.</summary>
internal static partial class SecretActionLog
{
    /// <summary>Counts each action and logs it; those that only look are logged for debugging alone.</summary>
    public static Action<ObjectKey, SecretTarget, SecretAction> To(ILogger logger) => (component, target, action) =>
    {
        Telemetry.SecretActionTaken(action.Name, action.Reason.Code);
        Decided(logger, action.IsChange || action is SecretAction.LeaveInPlace ? LogLevel.Information : LogLevel.Debug,
            component, action.Name, target.Name, target.Region, action.Reason.Code, action.Reason.Text);
    };

    [LoggerMessage(EventId = 1, Message = "Component {Component}: {Action} secret {Secret} in {Region} ({Reason}): {Text}")]
    private static partial void Decided(
        ILogger logger, LogLevel level, ObjectKey component, string action, string secret, string region, string reason, string text);
}
