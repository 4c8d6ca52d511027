using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Decides the next action for a secret: the table of the two policies. Pure.</summary>
internal static class SecretDecision
{
    /// <summary>How soon to check again for a change that is not ours.</summary>
    public static readonly TimeSpan RecheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long after a write of ours an invisible secret means "not yet": AWS is eventually consistent.</summary>
    public static readonly TimeSpan Consistency = TimeSpan.FromMinutes(2);

    /// <summary>The next action; after it, the decision is made again on what AWS shows then.</summary>
    public static SecretAction Decide(SecretObservation seen)
    {
        if (seen.Secret is not { } secret)
            return Absent(seen);
        // The account that answers must be the one in the recorded ARN.
        if (seen.State.Recorded?.Account is { } known && AwsForms.AccountOf(secret.Arn) is { } actual && actual != known)
            return new SecretAction.Refuse(ActionReason.OtherAccount(actual, known));
        if (seen.Ownership is { IsBehindWall: true, MayBeAdopted: var mayBeAdopted } && !(mayBeAdopted && seen.Config.Adopt))
            return new SecretAction.Refuse(ActionReason.OwnedElsewhere);
        // The existing holder keeps it, with or without adopt: otherwise two Components of one cluster would take it from each other forever.
        if (seen.Ownership.Holder is { } holder)
            return new SecretAction.LeaveToHolder(
                holder, holder.IsWalled ? ActionReason.HeldElsewhere : ActionReason.Held($"{holder.Key.Namespace}/{holder.Key.Name}"));
        return (seen.Ownership.Kind, secret.DeletedDate) switch
        {
            (OwnershipKind.Foreign, null) => Foreign(seen),
            (OwnershipKind.Abandoned, null) => new SecretAction.TakeOver(NeedsTag: false, ActionReason.Abandoned(seen.Ownership.Owner!)),
            (_, null) => Ours(seen, secret),
            _ => Scheduled(seen),
        };
    }

    private static SecretAction Absent(SecretObservation seen)
    {
        if (seen.State.Pending is null && seen.State.Recorded?.WriteBegunAt is { } begun && seen.Now - begun < Consistency)
            return SecretAction.Wait.Soon(seen, ActionReason.NotShownYet);
        var wasThere = seen.State.Recorded?.Arn is not null;
        var action = Write(seen, wasThere ? ActionReason.Vanished : ActionReason.NotThere);
        // It may still exist in the account where it was created.
        if (action is not SecretAction.WriteValue || !wasThere)
            return action;
        if (seen.CallerAccount is not { } account)
            return new SecretAction.Ask(MissingFact.Account);
        return seen.State.Wanted.Account is { } known && known != account ? new SecretAction.Refuse(ActionReason.OtherAccount(account, known)) : action;
    }

    private static SecretAction Foreign(SecretObservation seen)
    {
        var (owner, isEmpty) = (seen.Ownership.Owner!, seen.Ownership.CurrentVersionId is null);
        return seen.Config.Adopt && seen.Ownership.MayBeAdopted ? new SecretAction.TakeOver(NeedsTag: true, ActionReason.Adopted(owner))
            : seen.Config.UpdatePolicy == UpdatePolicy.AlwaysUpdate
                ? new SecretAction.Refuse(ActionReason.ForeignConflict(seen.Config.SecretName, owner, isEmpty))
            : new SecretAction.LeaveToOwner(ActionReason.Foreign(owner, isEmpty));
    }

    private static SecretAction Scheduled(SecretObservation seen)
    {
        var (config, ownership) = (seen.Config, seen.Ownership);
        if (ownership.Kind == OwnershipKind.Foreign && !(config.Adopt && ownership.MayBeAdopted))
            return new SecretAction.Refuse(ActionReason.ForeignScheduled(config.SecretName, ownership.Owner!));

        // A deleted Component wrote its value, and a restore that we began made it ours: the value is kept until the next is due.
        var isInherited = ownership.Current is { } current && !seen.Self.IsOf(current);
        // A secret left behind by a renamed entry or namespace keeps its value. One of an earlier Component of the same name gets a new value: deleting and
        // recreating requests that, unless recreate is Restore.
        var regenerates = ownership.Kind == OwnershipKind.Ours && config.Recreate == Recreate.Regenerate
            && (ownership.IsPreviousIncarnation || ownership.CurrentVersionId is null || (config.UpdatePolicy == UpdatePolicy.AlwaysUpdate && !isInherited));
        if (!regenerates)
            return new SecretAction.Restore(null, MayDeleteInstead: false, ActionReason.Restored);
        var write = Write(seen, ActionReason.Regenerated);
        // With Retain, a secret is never deleted on the way to a new value.
        return write is SecretAction.WriteValue regenerate
            ? new SecretAction.Restore(
                regenerate, ownership.IsPreviousIncarnation && config.DeletionPolicy != DeletionPolicy.Retain, ActionReason.Regenerated)
            : write;
    }

    private static SecretAction Ours(SecretObservation seen, SecretDescription secret)
    {
        var (config, state, ownership) = (seen.Config, seen.State, seen.Ownership);
        var isAlways = config.UpdatePolicy == UpdatePolicy.AlwaysUpdate;
        if (isAlways && secret.RotationEnabled)
            return new SecretAction.Refuse(ActionReason.RotatedByAws(config.SecretName));
        if (ownership.CurrentVersionId is null)
            return Write(seen, ActionReason.NoValue);
        // A write that a previous incarnation began is not finished by this one, nor is one that recreate: Restore no longer asks for.
        var begun = VersionToken.Parse(state.Pending?.Token) is { } token && token.Uid == seen.Uid
            && (config.Recreate == Recreate.Regenerate || !ownership.IsPreviousIncarnation) ? token : null;
        if (begun is not null && (isAlways || ownership.IsPreviousIncarnation))
        {
            var slot = isAlways ? LatestSlot(state.Slot ?? seen.Now, seen) : seen.Now;
            return Write(seen, begun.Inputs == seen.Inputs ? ActionReason.Unfinished : ActionReason.FieldsChanged, slot);
        }

        return isAlways ? WhenDue(seen, secret) : Keep(seen, secret, new(null, IsPostponed: false, KeptByIfNotExists(seen)));
    }

    private static SecretAction WhenDue(SecretObservation seen, SecretDescription secret)
    {
        var (state, interval) = (seen.State, seen.Config.RefreshInterval);
        var last = VersionToken.Parse(state.VersionId);
        if ((state.Inputs ?? last?.Inputs) is not { } inputs)
            return Write(seen, ActionReason.NeverWritten);
        if (state.UpdatePolicy == UpdatePolicy.IfNotExists)
            return Write(seen, ActionReason.PolicyChanged);
        var slot = state.Slot ?? last?.OccasionTime ?? seen.Now;
        var latest = LatestSlot(slot, seen);
        if (inputs != seen.Inputs)
            return Write(seen, ActionReason.FieldsChanged, latest);
        // Without a state in Kubernetes, the version id shows what was honoured, except for the annotation.
        if (state.UpdatePolicy is not null && seen.RequestedAt is not null && seen.RequestedAt != state.RequestedAt)
            return Write(seen, ActionReason.Requested, latest);
        return latest == slot
            ? Keep(seen, secret, new(slot + interval, IsPostponed: false, ActionReason.NotDue(slot + interval, IsRecognized(seen))))
            : Write(seen, ActionReason.IntervalOver(interval), latest, occasion: latest);
    }

    private static ActionReason KeptByIfNotExists(SecretObservation seen)
    {
        var (state, ownership) = (seen.State, seen.Ownership);
        if (state.Inputs is { } written && written != seen.Inputs)
            return ActionReason.FieldsIgnored(seen.Config, wasRestored: state.HowRestored(ownership.CurrentVersionId) == Recreate.Restore);
        return IsRecognized(seen) ? ActionReason.Recognized : ActionReason.WrittenOnce;
    }

    private static bool IsRecognized(SecretObservation seen) => VersionToken.Parse(seen.State.VersionId) is { } ours && ours.Uid != seen.Uid;

    private static SecretAction Keep(SecretObservation seen, SecretDescription secret, SecretAction.Keep keep)
    {
        var changes = SecretMetadata.Changes(seen.Config, seen.Self, secret, seen.State.Sent);
        return changes.IsEmpty ? keep : new SecretAction.WriteMetadata(changes, keep, ActionReason.MetadataChanged);
    }

    // Missed slots collapse into the last one, whatever the reason of the write: the next slot is always in the future.
    private static DateTimeOffset LatestSlot(DateTimeOffset slot, SecretObservation seen)
    {
        var passed = (long)((seen.Now - slot) / seen.Config.RefreshInterval);
        return passed > 0 ? slot + (passed * seen.Config.RefreshInterval) : slot;
    }

    // The slot from which the next is counted, and the occasion, default to now.
    private static SecretAction Write(SecretObservation seen, ActionReason reason, DateTimeOffset? slot = null, DateTimeOffset? occasion = null)
    {
        if (seen.State.Pending is { RefusedAt: { } refused } pending && seen.Now - refused < Consistency)
            return SecretAction.Wait.Soon(seen, pending.Refusal is { } refusal ? ActionReason.InvalidRequest(refusal) : ActionReason.WriteNotShownYet);
        var token = NextToken(seen, occasion ?? seen.Now);
        var allowed = WriteBudget.NextAllowed(seen.State.Budget, seen.Now);
        if (allowed <= seen.Now || token.ToString() == seen.State.Pending?.Token)
        {
            var changes = seen.Secret is { } existing ? SecretMetadata.Changes(seen.Config, seen.Self, existing, seen.State.Sent) : SecretMetadata.None;
            return new SecretAction.WriteValue(token, Creates: seen.Secret is null, slot ?? seen.Now, changes, reason);
        }

        // An existing value is good until then; a missing one must wait.
        return seen.Secret is { DeletedDate: null } secret && seen.Ownership.CurrentVersionId is not null
            ? Keep(seen, secret, new(allowed, IsPostponed: true, ActionReason.OverBudget(allowed)))
            : new SecretAction.Wait(allowed, ActionReason.OverBudget(allowed));
    }

    // A write begun for the same fields continues under its token, for which AWS accepts one value; after a refusal that showed no version, under the next.
    private static VersionToken NextToken(SecretObservation seen, DateTimeOffset occasion)
    {
        var pending = VersionToken.Parse(seen.State.Pending?.Token);
        if (pending is not null && pending.Inputs == seen.Inputs && pending.Owner == seen.Self.OwnerDigest && pending.Uid == seen.Uid)
        {
            // Only an accepted token is used up; an invalid request used none. Once the secret exists, AWS shows whether it has the version.
            var isTaken = seen.State.Pending is { RefusedAt: not null, Refusal: null } refused && (seen.Secret is null || refused.IsTaken);
            return pending with { Attempt = isTaken ? (pending.Attempt + 1) % 100 : pending.Attempt };
        }

        // A used token names its version forever, whether or not the state in Kubernetes still has it.
        var staged = seen.Secret is { } secret ? VersionToken.Staged(secret, seen.Now) : [];
        var last = staged.Append(VersionToken.Parse(seen.State.VersionId)).Append(pending).Max(t => t?.Occasion ?? 0);
        return new(seen.Self.OwnerDigest, seen.Uid, seen.Inputs, Math.Max(occasion.ToUnixTimeSeconds(), last + 1), 0, seen.Self.NamespaceDigest);
    }
}

/// <summary>
/// The write budget of one secret's value: 5 in a burst and one every 15 minutes after it, at most 100 in any 24 hours, so that a flapping input never fills
/// the 100 versions that AWS keeps for a day. A token bucket of 5, kept as one time.
/// </summary>
internal static class WriteBudget
{
    private const int Burst = 5;
    private static readonly TimeSpan RefillInterval = TimeSpan.FromDays(1) / 96;

    // The fifth write of a burst comes a minute after the first. Otherwise the 101st of a day could come exactly 24 hours after the first.
    private static readonly TimeSpan BurstSpan = (RefillInterval * (Burst - 1)) - TimeSpan.FromMinutes(1);

    /// <summary>How far ahead the time of an empty bucket is.</summary>
    public static TimeSpan Longest => RefillInterval * Burst;

    /// <summary>When the next write is allowed: now, or later.</summary>
    public static DateTimeOffset NextAllowed(DateTimeOffset? budget, DateTimeOffset now) =>
        budget is { } full && full - BurstSpan > now ? full - BurstSpan : now;

    /// <summary>The budget after a write.</summary>
    public static DateTimeOffset AfterWrite(DateTimeOffset? budget, DateTimeOffset now) => (budget > now ? budget.Value : now) + RefillInterval;
}
