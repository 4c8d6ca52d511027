using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Decides what a secret needs next: the table of the two policies, pure. After each step but Keep the secret is looked at again.</summary>
internal static class SecretDecision
{
    /// <summary>For so long after a write of ours, not seeing it means "not yet". AWS is eventually consistent.</summary>
    public static readonly TimeSpan Consistency = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Decides.</summary>
    public static SecretStep Decide(SecretSituation now, Possession possession)
    {
        if (now.Secret is not { } secret)
            return Absent(now);
        if (OtherAccount(now, secret.Arn) is { } conflict)
            return conflict;
        return secret.DeletedDate is not null ? Scheduled(now, possession) : Live(now, possession);
    }

    private static SecretStep Absent(SecretSituation now)
    {
        if (now.Applied.Pending is null && Known(now)?.WriteBegunAt is { } begun && now.Now - begun < Consistency)
            return new SecretStep.Wait(now.Now + LookAgain, "AWS does not show the secret yet that was just written");
        return Write(now, creates: true, occasion: now.Now, slot: now.Now, wasGone: Known(now)?.Arn is not null);
    }

    private static SecretStep Scheduled(SecretSituation now, Possession possession)
    {
        if (Holder(now, possession) is { } holder)
            return new SecretStep.LeaveToPeer(holder);
        if (possession.Kind == PossessionKind.Others)
            return now.Config.Adopt
                ? new SecretStep.Restore(null, MayDeleteInstead: false)
                : new SecretStep.Conflict($"the secret \"{now.Config.SecretName}\" is scheduled for deletion and belongs to {possession.Who}: "
                    + "choose another secretName, restore it yourself, or set adopt: true");

        // What a renamed entry or namespace left behind keeps its value; what a Component of this very name left was deleted to be made anew, unless it says
        // that it was not.
        var regenerates = possession.Kind == PossessionKind.Mine && now.Config.Recreate == Recreate.Regenerate
            && (possession.IsFormerLife || possession.CurrentVersionId is null || (now.Config.UpdatePolicy == UpdatePolicy.AlwaysUpdate && !IsInherited(now, possession)));
        if (!regenerates)
            return new SecretStep.Restore(null, MayDeleteInstead: false);
        var write = Write(now, creates: false, now.Now, now.Now);
        return write is SecretStep.Write regenerate ? new SecretStep.Restore(regenerate, MayDeleteInstead: possession.IsFormerLife) : write;
    }

    // It was a gone Component's, and is ours since a restore that we began: its value stays until the next is due, however often the restore is tried.
    private static bool IsInherited(SecretSituation now, Possession possession) => possession.Current is { } current && !now.Me.Is(current.Owner);

    // Two Components of one cluster would take it from each other for ever: whoever has it keeps it, and adopt changes nothing about that.
    private static Component? Holder(SecretSituation now, Possession possession) => possession.Kind switch
    {
        PossessionKind.Others => possession.OwnerDigest is { } owner ? now.Holder(owner) : now.HolderByMemory(),
        PossessionKind.Heirless => now.HolderByMemory(),
        _ => null,
    };

    private static SecretStep Live(SecretSituation now, Possession possession)
    {
        if (Holder(now, possession) is { } holder)
            return new SecretStep.LeaveToPeer(holder);
        var always = now.Config.UpdatePolicy == UpdatePolicy.AlwaysUpdate;
        switch (possession.Kind)
        {
            case PossessionKind.Others when now.Config.Adopt:
                return new SecretStep.TakeOver(possession.Who!, NeedsTag: true);
            case PossessionKind.Others when always:
                return new SecretStep.Conflict($"the secret \"{now.Config.SecretName}\" belongs to {possession.Who}"
                    + (possession.CurrentVersionId is null ? " and has no value (no AWSCURRENT)" : "")
                    + ": choose another secretName, or set adopt: true to take it over");
            case PossessionKind.Others:
                return new SecretStep.LeaveToOwner(possession.Who!, IsEmpty: possession.CurrentVersionId is null);
            case PossessionKind.Heirless:
                return new SecretStep.TakeOver(possession.Who!, NeedsTag: false);
        }

        if (always && now.Secret!.RotationEnabled)
            return new SecretStep.Conflict($"rotation is switched on in AWS for \"{now.Config.SecretName}\": switch it off, or set updatePolicy: IfNotExists");
        // What a backup remembers of another life is not begun in this one, and what was to be made anew may be meant to be kept by now.
        var begun = VersionToken.Parse(now.Applied.Pending?.Token) is { } token && token.Uid == now.Uid
            && (now.Config.Recreate == Recreate.Regenerate || !possession.IsFormerLife) ? token : null;
        if (possession.CurrentVersionId is null)
            return Write(now, creates: false, now.Now, now.Now);
        if (!always)
            return begun is not null && possession.IsFormerLife ? Write(now, creates: false, now.Now, now.Now) : new SecretStep.Keep(null);
        return begun is not null ? Write(now, creates: false, now.Now, LatestSlot(now.Applied.Slot ?? now.Now, now)) : WhenDue(now, possession);
    }

    private static SecretStep WhenDue(SecretSituation now, Possession possession)
    {
        var applied = now.Applied;
        // Somebody else's value on top of ours hides neither that it was written nor when.
        var last = VersionToken.Parse(applied.VersionId) ?? possession.Current ?? Staged(now).Where(t => now.Me.Is(t.Owner)).MaxBy(t => t.Occasion);
        var slot = applied.Slot ?? last?.OccasionTime;
        if (last is null || slot is null)
            return Write(now, creates: false, now.Now, now.Now);

        // Without any memory in Kubernetes the version id tells what was honoured, all but the annotation.
        var remembers = applied.UpdatePolicy is not null;
        if (applied.UpdatePolicy == UpdatePolicy.IfNotExists)
            return Write(now, creates: false, now.Now, now.Now);
        var latest = LatestSlot(slot.Value, now);
        if ((applied.Inputs ?? last.Inputs) != now.Inputs
            || (remembers && now.RequestedAt is not null && now.RequestedAt != applied.RequestedAt))
            return Write(now, creates: false, now.Now, latest);
        return latest == slot.Value ? new SecretStep.Keep(slot.Value + now.Config.RefreshInterval) : Write(now, creates: false, latest, latest);
    }

    // Missed slots collapse into the last one, whatever the write was for: the next slot is never over already.
    private static DateTimeOffset LatestSlot(DateTimeOffset slot, SecretSituation now)
    {
        var passed = (long)((now.Now - slot) / now.Config.RefreshInterval);
        return passed > 0 ? slot + (passed * now.Config.RefreshInterval) : slot;
    }

    // The account in an ARN that we remember for this place must still be the one that answers.
    private static SecretStep.Conflict? OtherAccount(SecretSituation now, string arn) =>
        Known(now) is { Account: { } account } known && (known with { Arn = arn }).Account is { } actual && actual != account
            ? new($"the credentials are of account {actual}, but the secret was made in {account}: nothing is written; set roleArn for the right account")
            : null;

    private static IEnumerable<VersionToken> Staged(SecretSituation now) =>
        (now.Secret?.VersionIdsToStages.Keys ?? []).Select(id => VersionToken.Parse(id, now.Now)).OfType<VersionToken>();

    private static SecretTarget? Known(SecretSituation now) => now.Applied.Targets.FirstOrDefault(t => t.IsSameSecret(now.Target));

    private static SecretStep Write(SecretSituation now, bool creates, DateTimeOffset occasion, DateTimeOffset slot, bool wasGone = false)
    {
        if (now.Applied.Pending is { RefusedAt: { } refused } pending && now.Now - refused < Consistency)
            return new SecretStep.Wait(now.Now + LookAgain, pending.Refusal ?? "AWS says that the value was written, and does not show it yet");
        var write = Next(now, creates, occasion, slot, wasGone);
        var allowed = WriteBudget.NextAllowed(now.Applied.Budget, now.Now);
        if (allowed <= now.Now || write.Token.ToString() == now.Applied.Pending?.Token)
            return write;
        var postponed = $"a new value waits until {TimestampConverter.ToText(allowed)}: "
            + "a secret is written at most 5 times in a burst and 96 times a day, since AWS keeps every version for a day";
        // What stands is good until then; where nothing does, it is waited for.
        return now.Secret is { DeletedDate: null } secret && Possession.CurrentVersionIdOf(secret) is not null
            ? new SecretStep.Keep(allowed, postponed)
            : new SecretStep.Wait(allowed, postponed);
    }

    // A write that was begun for the same fields goes on under its token; AWS then takes it once. After a refusal that showed nothing: the next attempt.
    private static SecretStep.Write Next(SecretSituation now, bool creates, DateTimeOffset occasion, DateTimeOffset slot, bool wasGone)
    {
        var pending = VersionToken.Parse(now.Applied.Pending?.Token);
        if (pending is not null && pending.Inputs == now.Inputs && pending.Owner == now.Me.OwnerDigest && pending.Uid == now.Uid)
        {
            // Only a token that is taken is used up; a request that was invalid took none.
            var isTaken = now.Applied.Pending is { RefusedAt: not null, Refusal: null };
            var attempt = isTaken ? (pending.Attempt + 1) % 100 : pending.Attempt;
            return new(pending with { Attempt = attempt }, creates, wasGone, slot);
        }

        // A token that was used names its version for ever, whether or not the memory in Kubernetes still knows of it.
        var last = Staged(now).Append(VersionToken.Parse(now.Applied.VersionId)).Append(pending).Max(t => t?.Occasion ?? 0);
        var second = Math.Max(occasion.ToUnixTimeSeconds(), last + 1);
        return new(new(now.Me.OwnerDigest, now.Uid, now.Inputs, second, 0), creates, wasGone, slot);
    }
}
