using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.SecretsManager;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The next action on a secret, with its reason: one of the records below.</summary>
internal abstract record SecretAction
{
    private SecretAction(string name, ActionReason reason) => (Name, Reason) = (name, reason);

    /// <summary>The action in one word: the same in the log, in metrics and in <c>dorch plan</c>.</summary>
    public string Name { get; }

    /// <summary>Why.</summary>
    public ActionReason Reason { get; }

    /// <summary>Whether it changes AWS.</summary>
    public bool IsChange => this is WriteValue or WriteMetadata or Restore or TakeOver or Delete;

    /// <summary>Read the missing fact, and decide again.</summary>
    public sealed record Ask(MissingFact Fact) : SecretAction("ask", ActionReason.FactMissing);

    /// <summary>Generate all fields and write the value under this token, which is stored before anything is called.</summary>
    /// <param name="Token">The token.</param>
    /// <param name="Creates">Whether to call CreateSecret rather than UpdateSecret.</param>
    /// <param name="Slot">The slot from which the next is counted.</param>
    /// <param name="Changes">Key, description and tags to change with an update.</param>
    /// <param name="Reason">Why a value is due.</param>
    public sealed record WriteValue(VersionToken Token, bool Creates, DateTimeOffset Slot, SecretMetadata Changes, ActionReason Reason)
        : SecretAction(Creates ? "create" : "update", Reason);

    /// <summary>Change key, description or tags and keep the value.</summary>
    public sealed record WriteMetadata(SecretMetadata Changes, Keep Value, ActionReason Reason) : SecretAction("update", Reason);

    /// <summary>Leave the secret until a value is due; null if none will be. A value that is already due may have to wait until then.</summary>
    public sealed record Keep(DateTimeOffset? Until, bool IsPostponed, ActionReason Reason) : SecretAction("leave", Reason);

    /// <summary>Restore a secret that is scheduled for deletion.</summary>
    /// <param name="Regenerate">The write of a new value after it; null to keep the value.</param>
    /// <param name="MayDeleteInstead">Whether it may be deleted at once if restoring is denied: it is of a previous incarnation, and not retained.</param>
    /// <param name="Reason">What becomes of the value.</param>
    public sealed record Restore(WriteValue? Regenerate, bool MayDeleteInstead, ActionReason Reason) : SecretAction("restore", Reason);

    /// <summary>Make it ours by the owner tag, and keep its value. If only the tag makes it ours, a denied tag is a failure.</summary>
    public sealed record TakeOver(bool NeedsTag, ActionReason Reason) : SecretAction("take-over", Reason);

    /// <summary>It belongs to another owner: leave it alone, which satisfies the Component.</summary>
    public sealed record LeaveToOwner(ActionReason Reason) : SecretAction("leave", Reason);

    /// <summary>It belongs to an existing Component of this cluster, and is free once that one is deleted or releases it.</summary>
    public sealed record LeaveToHolder(Holder Holder, ActionReason Reason) : SecretAction("conflict", Reason);

    /// <summary>Nothing can be done until a user decides.</summary>
    public sealed record Refuse(ActionReason Reason) : SecretAction("conflict", Reason);

    /// <summary>It is too early: continue at this time of AWS's clock.</summary>
    public sealed record Wait(DateTimeOffset Until, ActionReason Reason) : SecretAction("wait", Reason)
    {
        /// <summary>Wait for a change that is not ours.</summary>
        public static Wait Soon(Observation seen, ActionReason reason) => new(seen.Now + SecretDecision.RecheckInterval, reason);
    }

    /// <summary>Schedule it for deletion; with 0 days, delete it at once.</summary>
    public sealed record Delete(SecretDescription Secret, int RecoveryWindowInDays, ActionReason Reason) : SecretAction("delete", Reason);

    /// <summary>Release it and leave it in place.</summary>
    public sealed record LeaveInPlace(string SecretName, ActionReason Reason) : SecretAction("leave", Reason);

    /// <summary>Release it: there is nothing to delete.</summary>
    public sealed record Forget(ActionReason Reason) : SecretAction("forget", Reason);

    /// <summary>AWS denies reading it.</summary>
    public sealed record Fail(SecretsManagerException Denial, ActionReason Reason) : SecretAction("fail", Reason);
}

/// <summary>A fact that a decision needs and that costs a call.</summary>
internal enum MissingFact
{
    /// <summary>Whether the Namespace is terminating.</summary>
    Namespace,

    /// <summary>The result of DescribeSecret.</summary>
    Secret,

    /// <summary>The account of the credentials.</summary>
    Account,
}

/// <summary>What the operator reports of each action: a line in the log, and a count.</summary>
internal static partial class SecretActionLog
{
    /// <summary>Counts and logs each action; those that change nothing are logged at the level Debug.</summary>
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
