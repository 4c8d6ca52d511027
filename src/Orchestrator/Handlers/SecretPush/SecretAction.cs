using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The next thing to do with a secret, and why.</summary>
/// <param name="Reason">Why.</param>
internal abstract record SecretAction(ActionReason Reason)
{
    /// <summary>Find out what the decision turns on, and decide again.</summary>
    /// <param name="Fact">What.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Ask(MissingFact Fact, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Generate all fields and write the value under this token.</summary>
    /// <param name="Token">The token; it is stored before anything is called.</param>
    /// <param name="Creates">CreateSecret rather than UpdateSecret.</param>
    /// <param name="Slot">The slot from which the next is counted.</param>
    /// <param name="Changes">Key, description and tags that go with an update.</param>
    /// <param name="Reason">Why.</param>
    public sealed record WriteValue(VersionToken Token, bool Creates, DateTimeOffset Slot, SecretMetadata Changes, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Change key, description or tags and leave the value.</summary>
    /// <param name="Changes">The changes.</param>
    /// <param name="Value">Why the value is left.</param>
    /// <param name="Reason">Why.</param>
    public sealed record WriteMetadata(SecretMetadata Changes, Keep Value, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Leave the secret as it is; look again at the given time.</summary>
    /// <param name="Until">When a value falls due; null where none does.</param>
    /// <param name="IsPostponed">A value is due already and has to wait until then.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Keep(DateTimeOffset? Until, bool IsPostponed, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Restore a secret that is scheduled for deletion.</summary>
    /// <param name="Regenerate">The write of a new value after it; null where the value is kept.</param>
    /// <param name="MayDeleteInstead">Where restoring is denied it may be deleted at once: it is of a previous incarnation.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Restore(WriteValue? Regenerate, bool MayDeleteInstead, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Make it ours by the owner tag, its value kept.</summary>
    /// <param name="NeedsTag">It is ours only by the tag: where tagging is denied, so is this.</param>
    /// <param name="Reason">Why.</param>
    public sealed record TakeOver(bool NeedsTag, ActionReason Reason) : SecretAction(Reason);

    /// <summary>It is somebody else's and stays so; the Component is content with it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record LeaveToOwner(ActionReason Reason) : SecretAction(Reason);

    /// <summary>It is a living Component's of this cluster, and is free once that one is deleted or releases it.</summary>
    /// <param name="Holder">The Component.</param>
    /// <param name="Reason">Why.</param>
    public sealed record LeaveToHolder(Holder Holder, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Nothing can be done until somebody decides.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refuse(ActionReason Reason) : SecretAction(Reason);

    /// <summary>It is too early.</summary>
    /// <param name="Until">When to go on, by AWS's clock.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Wait(DateTimeOffset Until, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Schedule it for deletion, or delete it at once.</summary>
    /// <param name="Secret">The secret.</param>
    /// <param name="RecoveryWindowInDays">For how long it can be restored; 0 for not at all.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Delete(SecretDescription Secret, int RecoveryWindowInDays, ActionReason Reason) : SecretAction(Reason);

    /// <summary>Release it and leave it in place.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record LeaveInPlace(ActionReason Reason) : SecretAction(Reason);

    /// <summary>Release it: there is nothing to delete.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Forget(ActionReason Reason) : SecretAction(Reason);

    /// <summary>AWS does not let us look.</summary>
    /// <param name="Denial">What AWS said.</param>
    /// <param name="Reason">Why that is the end of it.</param>
    public sealed record Fail(SecretsManagerException Denial, ActionReason Reason) : SecretAction(Reason);
}

/// <summary>A fact that a decision turns on and that costs a call.</summary>
internal enum MissingFact
{
    /// <summary>Whether the Namespace is terminating.</summary>
    Namespace,

    /// <summary>What DescribeSecret says.</summary>
    Secret,

    /// <summary>Which account the credentials are of.</summary>
    Account,
}
