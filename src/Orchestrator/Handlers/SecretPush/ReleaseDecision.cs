using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Decides whether to delete a secret that a Component no longer wants: only if it is ours and no other Component wants it. Pure. A fact that costs a call is
/// requested only if the others do not decide.
/// </summary>
internal static class ReleaseDecision
{
    /// <summary>The next action by what is known so far; <see cref="SecretAction.Ask"/> if a missing fact decides.</summary>
    public static SecretAction Decide(ReleaseObservation seen)
    {
        if (seen.Terms.Policy == DeletionPolicy.Retain)
            return LeaveInPlace(seen, ActionReason.Retain);
        if (seen.NamedBy is { } other)
            return LeaveInPlace(
                seen, seen.IsHidden(other) ? ActionReason.NamedElsewhere : ActionReason.NamedByAnother($"{other.Namespace}/{other.Name}"));
        if (seen.WantedBy is { } entry)
        {
            if (seen.IsNamespaceTerminating is not { } isTerminating)
                return new SecretAction.Ask(MissingFact.Namespace);
            if (!isTerminating)
                return Wanted(seen, entry);
        }

        if (!seen.IsDescribed)
            return new SecretAction.Ask(MissingFact.Secret);
        return seen.Secret is null ? Absent(seen) : Present(seen, seen.Secret);
    }

    private static SecretAction.LeaveInPlace LeaveInPlace(ReleaseObservation seen, ActionReason reason) => new(seen.Target.Name, reason);

    private static SecretAction Wanted(ReleaseObservation seen, WantingEntry entry)
    {
        // kubectl and pruning tools delete the child and its Composition one after the other.
        var sinceDeletion = seen.Now - seen.DeletedAt;
        return entry.IsOwn && sinceDeletion >= TimeSpan.Zero && sinceDeletion < SecretDecision.RecheckInterval
            ? SecretAction.Wait.Soon(seen, ActionReason.CompositionMayGo(entry.Composition.Name))
            : LeaveInPlace(seen, seen.IsHidden(entry.Composition)
                ? ActionReason.WantedElsewhere : ActionReason.WantedByEntry(entry.Entry, $"{entry.Composition.Namespace}/{entry.Composition.Name}"));
    }

    private static SecretAction Absent(ReleaseObservation seen)
    {
        if (seen.Denial is null && MayTurnUp(seen))
            return SecretAction.Wait.Soon(seen, ActionReason.MayTurnUp(seen.Target.Name));
        // A secret that another account does not have, or does not show, may still exist in the account where it was created.
        if (seen.Target.Account is { } known)
        {
            if (seen.CallerAccount is not { } account)
                return new SecretAction.Ask(MissingFact.Account);
            if (account != known)
                return new SecretAction.Refuse(ActionReason.OtherAccountOf(seen.Target.Name, account, known));
        }

        return seen.Denial is { } denial ? new SecretAction.Fail(denial, ActionReason.DescribeDenied) : new SecretAction.Forget(ActionReason.AlreadyGone);
    }

    private static SecretAction Present(ReleaseObservation seen, SecretDescription secret)
    {
        if (secret.Arn == seen.KeptArn)
            return new SecretAction.Forget(ActionReason.StillNamed);
        // A Component that waits to inherit the secret and is deleted first releases it as if it had inherited it.
        var isSuccessor = seen.Ownership.Kind == OwnershipKind.Abandoned && seen.ReportedArn == secret.Arn;
        if (seen.Ownership.Kind != OwnershipKind.Ours && !isSuccessor)
            return LeaveInPlace(seen, ActionReason.BelongsTo(seen.Ownership.Owner!));
        // The Component was restored from a backup with the uid of a former Composition, and garbage-collected for that: nobody asked for this deletion.
        var known = seen.State.Targets is [.., var latest] && latest.IsSameSecret(seen.Target) && !seen.State.IsReplaced(seen.Target, secret.Arn)
            ? seen.State.VersionId : null;
        var hasWritten = secret.VersionIdsToStages.Keys.Append(known).Select(VersionToken.Parse)
            .Any(t => t?.Owner == seen.Self.OwnerDigest && t.Uid == seen.Uid);
        if (seen.DeletedAt is not null && seen.HasLostComposition && !hasWritten)
            return LeaveInPlace(seen, ActionReason.NeverOurs);
        if (secret.DeletedDate is not null && seen.Terms.RecoveryWindowInDays > 0)
            return new SecretAction.Forget(ActionReason.AlreadyScheduled);
        return new SecretAction.Delete(secret, seen.Terms.RecoveryWindowInDays, seen.DeletedAt is null ? ActionReason.Renamed : ActionReason.ComponentDeleted);
    }

    /// <summary>
    /// Whether AWS certainly refused every create of the secret, so that it is released without a SecretPolicy. Soon after a start this is unknown: the last
    /// try of an earlier process may have succeeded.
    /// </summary>
    public static bool WasNeverMade(ReleaseObservation seen) => seen.ProcessAge >= SecretDecision.Consistency && IsRefused(seen);

    private static bool IsRefused(ReleaseObservation seen) =>
        seen.Target.Arn is null && seen.State.Pending is { NotWritten: true } && seen.State.Targets[^1].IsSameSecret(seen.Target);

    // Soon after a write of ours, finished or only begun, an invisible secret may still exist.
    private static bool MayTurnUp(ReleaseObservation seen)
    {
        if (seen.Target.WriteBegunAt is not { } begun)
            return false;
        // Attempts after a refusal are not saved in advance: the last attempt of an earlier process, just before this one began, may have succeeded.
        if (IsRefused(seen))
            return seen.Now - begun > seen.ProcessAge && seen.ProcessAge < SecretDecision.Consistency;
        return seen.Now - begun < SecretDecision.Consistency;
    }
}
