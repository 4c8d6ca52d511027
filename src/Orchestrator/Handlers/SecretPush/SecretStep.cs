using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The next thing to do with a secret.</summary>
internal abstract record SecretStep
{
    private SecretStep()
    {
    }

    /// <summary>Generate all fields and write the value under this token.</summary>
    /// <param name="Token">The token; it is remembered before anything is called.</param>
    /// <param name="Creates">CreateSecret rather than UpdateSecret.</param>
    /// <param name="WasGone">The secret was there before and vanished: the account is checked first.</param>
    /// <param name="Slot">The slot from which the next is counted.</param>
    public sealed record Write(VersionToken Token, bool Creates, bool WasGone, DateTimeOffset Slot) : SecretStep;

    /// <summary>Leave the value; look again at the given time.</summary>
    /// <param name="Until">When a value falls due; null where none does.</param>
    /// <param name="Postponed">Why a value that is due is not written before then; null where none is due.</param>
    public sealed record Keep(DateTimeOffset? Until, string? Postponed = null) : SecretStep;

    /// <summary>Take the secret back from deletion.</summary>
    /// <param name="Regenerate">The token under which a new value is written after it; null where the value is kept.</param>
    /// <param name="MayDeleteInstead">Where restoring is denied it may be deleted at once: it is of a former life.</param>
    public sealed record Restore(SecretStep.Write? Regenerate, bool MayDeleteInstead) : SecretStep;

    /// <summary>Make it ours by the owner tag, its value kept.</summary>
    /// <param name="From">Whose it was, in words.</param>
    /// <param name="NeedsTag">It is ours only by the tag: where tagging is denied, so is this.</param>
    public sealed record TakeOver(string From, bool NeedsTag) : SecretStep;

    /// <summary>It is somebody else's and stays so; the Component is content with it.</summary>
    /// <param name="Who">Whose it is.</param>
    /// <param name="IsEmpty">It has no value that anybody could read.</param>
    public sealed record LeaveToOwner(string Who, bool IsEmpty) : SecretStep;

    /// <summary>It is a living Component's of this cluster, and is free once that one goes or lets go of it.</summary>
    /// <param name="Holder">The Component.</param>
    public sealed record LeaveToPeer(Component Holder) : SecretStep;

    /// <summary>Nothing can be done until somebody decides.</summary>
    /// <param name="Message">What and how.</param>
    public sealed record Conflict(string Message) : SecretStep;

    /// <summary>It is too early.</summary>
    /// <param name="Until">When to go on, by AWS's clock.</param>
    /// <param name="Message">What is waited for.</param>
    public sealed record Wait(DateTimeOffset Until, string Message) : SecretStep;
}
