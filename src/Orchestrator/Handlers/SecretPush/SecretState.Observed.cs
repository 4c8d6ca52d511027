using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

// What an observation changes: which secret the state is about, and what AWS shows that the state does not know.
internal sealed partial record SecretState
{
    /// <summary>The state at the start of a run.</summary>
    public SecretState AtStart(SecretPushConfig config, string region)
    {
        var wanted = SecretTarget.Of(config, region);
        return this with
        {
            Wanted = Targets.FirstOrDefault(t => t.IsSameSecret(wanted)) is { } known ? known with { ExternalId = config.ExternalId } : wanted,
            DeniedNow = Denied?.Contains(RestoreSecret) == true ? [RestoreSecret] : [],
        };
    }

    /// <summary>
    /// The state once AWS has answered. If a write was begun and its answer was lost, AWS may show now that it happened: that is an event. Under two later
    /// values of another client AWS still has the version and does not show it for a while.
    /// </summary>
    public (SecretState State, HandlerEvent? Finished) AfterLostAnswer(SecretObservation seen)
    {
        var state = ForSecret(seen.Secret?.Arn).NotAheadOf(seen.Now);
        if (seen.Secret is not { } secret || VersionToken.Parse(state.Pending?.Token) is not { } token)
            return (state, null);
        var isShown = secret.VersionIdsToStages.ContainsKey(state.Pending!.Token);
        var isHidden = state.Pending is { IsTaken: true, RefusedAt: { } refused } && seen.Now - refused >= SecretDecision.Consistency
            && !state.IsReplaced(state.Wanted, secret.Arn) && !seen.Self.IsOf(VersionToken.Parse(secret.VersionIdOf(SecretDescription.Current)));
        if (!isShown && !isHidden)
            return (state, null);
        return (state.AfterWrite(token, secret.Arn, isShown ? secret.LastChangedDate ?? seen.Now : token.OccasionTime, seen.Config),
            state.Wanted.Arn is null ? new("SecretCreated", $"created {seen.Config.SecretName}")
                : new("SecretUpdated", $"wrote a new value to {seen.Config.SecretName}"));
    }

    /// <summary>The state once it is known whose secret this is. It learns a value only from a secret of ours.</summary>
    public SecretState Learn(SecretObservation seen) =>
        seen.Ownership.Kind == OwnershipKind.Ours ? AfterLostTakeOver(seen.Secret!.Arn).Recognize(seen.Secret, seen.Self, seen.Now) : this;

    /// <summary>
    /// The state of a secret of ours once AWS shows a value that the state does not know: the status was lost, was restored from a backup, or belongs to a
    /// Component that inherited the secret. It is noted because AWS no longer shows it once another client has written twice.
    /// </summary>
    public SecretState Recognize(SecretDescription secret, SecretOwner self, DateTimeOffset now)
    {
        // The current value, or the one that another client overwrote. Any client may stage a version that never was the value, so a staged one counts only
        // if the state knows none; so does the value of another cluster, which matters only if the secret was adopted.
        var last = Of(SecretDescription.Current) ?? Of(SecretDescription.Previous) ?? (Inputs is not null ? null
            : VersionToken.Staged(secret, now).Where(t => self.IsOfSameCluster(t.Owner)).MaxBy(t => t.Occasion)
                ?? VersionToken.Parse(secret.VersionIdOf(SecretDescription.Current), now));
        var known = this with { RecognizedArn = Wanted.Arn is null ? secret.Arn : null };
        if (last is null || (Inputs is not null && last.Occasion <= VersionToken.Parse(VersionId)?.Occasion))
            return known;
        var at = last.OccasionTime;
        // We begin a write only after the one before has ended.
        var isOver = VersionToken.Parse(Pending?.Token) is { } begun && self.IsOf(last) && begun.Occasion < last.Occasion;
        var state = known with { Inputs = last.Inputs, Slot = Slot > at ? Slot : at, Pending = isOver ? null : Pending };
        return self.IsOf(last) ? state with { VersionId = last.ToString(), FieldCount = null, WrittenAt = at } : state;

        VersionToken? Of(string stage) =>
            VersionToken.Parse(secret.VersionIdOf(stage), now) is { } token && self.IsOfSameCluster(token.Owner) ? token : null;
    }

    /// <summary>The state where what is over 5 minutes ahead of AWS's clock counts as now, or as never written: whatever wrote it had a wrong clock.</summary>
    public SecretState NotAheadOf(DateTimeOffset now)
    {
        var isAhead = IsAhead(VersionId);
        return this with
        {
            Inputs = isAhead ? null : Inputs,
            VersionId = isAhead ? null : VersionId,
            FieldCount = isAhead ? null : FieldCount,
            WrittenAt = NotAhead(WrittenAt),
            Slot = NotAhead(Slot),
            Budget = Budget > now + WriteBudget.Longest + VersionToken.Tolerance ? now + WriteBudget.Longest : Budget,
            Pending = Pending is null || IsAhead(Pending.Token) ? null : Pending with { RefusedAt = NotAhead(Pending.RefusedAt) },
            Targets = [.. Targets.Select(t => t with { WriteBegunAt = NotAhead(t.WriteBegunAt) })],
        };

        DateTimeOffset? NotAhead(DateTimeOffset? time) => time > now + VersionToken.Tolerance ? now : time;

        bool IsAhead(string? versionId) => VersionToken.Parse(versionId) is not null && VersionToken.Parse(versionId, now) is null;
    }

    /// <summary>Whether another secret has the name of the one that the state knows at a target.</summary>
    public bool IsReplaced(SecretTarget target, string arn) => (target.Arn ?? RecognizedArn) is { } known && known != arn;

    // A secret that we know by another role is the same one, and what we know of it holds. If the spec names another secret than before, what we know of the
    // value is not about this one.
    private SecretState ForSecret(string? arn)
    {
        var isAnother = Targets is [.., var latest] && !latest.IsSameSecret(Wanted);
        if (Wanted.Arn is not null || Targets.FirstOrDefault(t => t.Arn == arn && arn is not null) is not { } known || known.RoleArn == Wanted.RoleArn)
            return isAnother ? WithoutValue() : this;
        var state = isAnother && Targets[^1].Arn != arn ? WithoutValue() : this;
        return (state with { Targets = [.. Targets.Where(t => t.Arn != arn)] })
            .With(known with { RoleArn = Wanted.RoleArn, ExternalId = Wanted.ExternalId });
    }

    // AWS shows another secret of this name as ours: the answer of a takeover was lost. A secret in another account is not ours to take.
    private SecretState AfterLostTakeOver(string arn) => !IsReplaced(Wanted, arn) ? this
        : Wanted.Arn is not { } known ? WithoutValue() with { Pending = Pending }
        : AwsForms.AccountOf(known) == AwsForms.AccountOf(arn) ? TakenOver(arn) : this;

    private SecretState WithoutValue() =>
        this with { Inputs = null, VersionId = null, FieldCount = null, WrittenAt = null, Slot = null, Pending = null, Sent = null, RecognizedArn = null };
}
