using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Components.SecretPush;

/// <summary>One run for one secret: look, decide, do, until there is nothing more to do for now. Look, then generate, then write once.</summary>
internal sealed class SecretReconcile
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForOwner = TimeSpan.FromMinutes(5);

    private readonly SecretsManagerClient client;
    private readonly HandlerRequest request;
    private readonly SecretPushConfig config;
    private readonly Peers peers;
    private readonly SecretRemoval removal;
    private readonly SecretOwner owner;
    private readonly string uid;
    private readonly string inputs;
    private readonly SecretProgress progress;
    private readonly ValueWrite value;
    private readonly MetadataWrite metadata;

    public SecretReconcile(SecretsManagerClient client, SecretsManagerClients clients, Peers peers, HandlerRequest request, SecretPushConfig config)
    {
        (this.client, this.peers, this.request, this.config) = (client, peers, request, config);
        removal = new(clients, peers, request.Component);
        owner = peers.Owner(request.Component);
        uid = VersionToken.UidDigest(request.Component.Metadata.Uid!);
        inputs = FieldsDigest.Of(config.Fields);
        progress = new(request, config, client.Region);
        metadata = new(client, config, owner, progress);
        value = new(client, config, owner, inputs, progress, metadata);
    }

    private AppliedSecret Applied
    {
        get => progress.Applied;
        set => progress.Applied = value;
    }

    private SecretTarget Target
    {
        get => progress.Target;
        set => progress.Target = value;
    }

    /// <summary>Runs; AWS's refusals become the answer, with the memory as far as things came.</summary>
    public async Task<HandlerAnswer> Run(CancellationToken cancellation)
    {
        try
        {
            // Each step changes what the next look finds; more than these few mean that somebody else works against us.
            for (var step = 0; step < 6; step++)
            {
                if (await Step(cancellation) is { } answer)
                    return Complete(answer);
            }

            return Complete(new HandlerAnswer.InProgress(LookAgain) { Message = "somebody else changes the secret at the same time" });
        }
        catch (SecretsManagerException e)
        {
            return Complete(AwsFailure.Answer(e));
        }
    }

    private async Task<HandlerAnswer?> Step(CancellationToken cancellation)
    {
        var secret = await client.DescribeSecret(config.SecretName, cancellation);
        var now = client.Clock.Now;
        if (secret is not null)
            progress.Recognize(secret.Arn);
        Applied = Applied.NotAheadOf(now);
        Acknowledge(secret, now);
        var possession = Possession.Of(secret, owner, uid, Applied, peers.IsGone);
        var step = SecretDecision.Decide(
            new()
            {
                Config = config,
                Me = owner,
                Uid = uid,
                Inputs = inputs,
                RequestedAt = request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
                Applied = Applied,
                Target = Target,
                Secret = secret,
                Now = now,
                IsGone = peers.IsGone,
            },
            possession);
        switch (step)
        {
            case SecretStep.Write write:
                if (write.WasGone && await OtherAccount(cancellation) is { } other)
                    return Refused(other);
                return await value.Run(write, secret, cancellation)
                    ? await Finish(possession with { IsDrifted = false }, write.Slot + config.RefreshInterval, cancellation)
                    : null;
            case SecretStep.Keep keep:
                Target = Target with { Arn = secret!.Arn };
                await metadata.Change(secret, cancellation);
                return await Finish(possession, keep.Until, cancellation);
            case SecretStep.Restore restore:
                return await Restore(restore, secret!, possession, cancellation);
            case SecretStep.TakeOver takeOver:
                await TakeOver(takeOver, secret!, cancellation);
                return null;
            case SecretStep.LeaveToOwner leave:
                return LeftToOwner(leave, secret!);
            case SecretStep.Conflict conflict:
                return Refused(conflict.Message);
            case SecretStep.Wait wait:
                return new HandlerAnswer.InProgress(wait.Until > now ? wait.Until - now : LookAgain) { Message = wait.Message };
            default:
                throw new InvalidOperationException($"no such step: {step}");
        }
    }

    // A write whose answer was lost: its version is there. And one that the memory in Kubernetes is too old to know of, restored from a backup.
    private void Acknowledge(SecretDescription? secret, DateTimeOffset now)
    {
        if (secret is null)
            return;
        if (Applied.Pending is { } pending && VersionToken.Parse(pending.Token) is { } token && secret.VersionIdsToStages.ContainsKey(pending.Token))
        {
            progress.Events.Add(Target.Arn is null
                ? new("SecretCreated", $"created {config.SecretName}")
                : new("SecretUpdated", $"wrote a new value to {config.SecretName}"));
            progress.Wrote(token, secret.Arn, secret.LastChangedDate ?? now, inputs);
            return;
        }

        if (VersionToken.Parse(Applied.VersionId) is { } known
            && VersionToken.Parse(Possession.CurrentVersionIdOf(secret)) is { } current
            && current.Owner == owner.OwnerDigest && current.Occasion > known.Occasion)
        {
            var begun = Applied.Pending;
            progress.Wrote(current, secret.Arn, current.OccasionTime, inputs);
            Applied = Applied with { Pending = begun, Slot = Applied.Slot > current.OccasionTime ? Applied.Slot : current.OccasionTime };
        }
    }

    private async Task<string?> OtherAccount(CancellationToken cancellation)
    {
        var account = await client.GetCallerAccount(cancellation);
        return Target.Account is { } known && known != account
            ? $"the credentials are of account {account}, but the secret was made in {known}: nothing is written; set roleArn for the right account"
            : null;
    }

    private async Task<HandlerAnswer?> Restore(
        SecretStep.Restore restore, SecretDescription secret, Possession possession, CancellationToken cancellation)
    {
        if (restore.Regenerate is { } regenerate)
            await value.Intend(regenerate, remember: true, cancellation);
        if (possession.Kind == PossessionKind.Heirless)
        {
            // Nobody else lets go of it again: from before it comes back it is this Component's.
            Hold(secret);
            await progress.Remember(cancellation);
            progress.Events.Add(Adopted(possession.Who!));
        }

        try
        {
            await client.RestoreSecret(secret.Arn, cancellation);
            progress.Denied.Remove(SecretProgress.RestoreSecret);
            progress.Events.Add(new("SecretRestored", $"took {config.SecretName} back from deletion"));
            return null;
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "RestoreSecret" } && restore.MayDeleteInstead)
        {
            await client.DeleteSecret(secret.Arn, 0, cancellation);
            if (progress.Denied.Add(SecretProgress.RestoreSecret))
            {
                progress.Events.Add(new("SecretDeleted", $"deleted {config.SecretName} at once, which a Component before this one had scheduled for deletion: "
                    + $"{SecretProgress.RestoreSecret} is denied", IsWarning: true));
            }

            Applied = progress.Settled();
            return new HandlerAnswer.InProgress(LookAgain) { Message = "waits for AWS to let go of the secret's name" };
        }
    }

    private async Task TakeOver(SecretStep.TakeOver takeOver, SecretDescription secret, CancellationToken cancellation)
    {
        try
        {
            await client.TagResource(secret.Arn, new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = owner.TagValue }, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "TagResource" } && !takeOver.NeedsTag)
        {
            progress.Denied.Add(SecretProgress.TagResource);
        }

        Hold(secret);
        progress.Events.Add(Adopted(takeOver.From));
    }

    private void Hold(SecretDescription secret)
    {
        // Ours of this name had gone, and somebody made another: what is remembered of the value is not of this one.
        if (Target.Arn is { } known && known != secret.Arn)
            Applied = Applied.ForAnotherSecret();
        Target = Target with { Arn = secret.Arn };
        Applied = Applied.With(Target);
    }

    private HandlerEvent Adopted(string from) => new("SecretAdopted", $"took {config.SecretName} over from {from}, its value kept");

    private HandlerAnswer.Done LeftToOwner(SecretStep.LeaveToOwner leave, SecretDescription secret)
    {
        var message = $"the secret exists and belongs to {leave.Who}: left untouched; set adopt: true to take it over";
        if (request.Component.Status?.Condition("SecretPushed")?.Reason != "AlreadyExists")
            progress.Events.Add(new("OwnershipConflict", message, IsWarning: true));
        Target = Target with { Arn = secret.Arn };
        // The owner may be a Component that is about to go and to leave the secret to this one.
        var next = config.RefreshInterval < LookForOwner ? config.RefreshInterval : LookForOwner;
        return new HandlerAnswer.Done(next > LookAgain ? next : LookAgain)
        {
            ProviderStatus = SecretReport.Outputs(config, Target, inputs, new(), null),
            Conditions = SecretReport.NotPushed("AlreadyExists", message),
            Message = message,
        };
    }

    private HandlerAnswer.Failed Refused(string message)
    {
        // Told once, and not at every look.
        if (request.Component.Status?.Condition(Condition.Ready) is not { Reason: nameof(FailureKind.Conflict) } told || told.Message != message)
            progress.Events.Add(new("OwnershipConflict", message, IsWarning: true));
        return new(FailureKind.Conflict, message);
    }

    // The secret is as it should be: what lies elsewhere of ours is released, and the status says so.
    private async Task<HandlerAnswer> Finish(Possession possession, DateTimeOffset? due, CancellationToken cancellation)
    {
        Applied = Applied.With(Target) with { Pending = null };
        var failure = await ReleaseOthers(cancellation);
        Applied = progress.Settled();
        var mine = possession.Current?.Owner == owner.OwnerDigest ? possession.Current : null;
        var outputs = SecretReport.Outputs(config, Target, inputs, Applied, mine);
        var isOurValue = Applied.VersionId is not null || possession.Current?.Owner.StartsWith(owner.ClusterDigest, StringComparison.Ordinal) == true;
        var conditions = isOurValue ? SecretReport.Pushed(config) : SecretReport.NotPushed("Adopted", "The secret was taken over with the value that it had");
        conditions = [.. conditions, .. SecretReport.Extras(possession, Applied)];
        if (failure is not null)
            return failure with { ProviderStatus = outputs, Conditions = conditions };

        var next = Applied.Targets.Count > 1 ? LookAgain
            : config.UpdatePolicy == UpdatePolicy.AlwaysUpdate && due is { } at ? at - client.Clock.Now
            : config.RefreshInterval;
        return new HandlerAnswer.Done(next > LookAgain ? next : LookAgain)
        {
            ProviderStatus = outputs,
            Conditions = conditions,
            Message = SecretReport.Message(config, Target, inputs, Applied, possession.Current),
        };
    }

    // What stands in the way of it does not hide the secret that is in place: null where nothing does.
    private async Task<HandlerAnswer.Failed?> ReleaseOthers(CancellationToken cancellation)
    {
        HandlerAnswer.Failed? failure = null;
        foreach (var old in Applied.Targets.Where(t => !t.IsSameSecret(Target)).ToList())
        {
            try
            {
                var released = await removal.Release(old, Applied, config.DeletionPolicy, config.RecoveryWindowInDays, cancellation, keptArn: Target.Arn);
                progress.Events.AddRange(released.Events);
                if (released.IsDone)
                    Applied = Applied.Without(old);
                if (released.Conflict is { } conflict)
                    failure = new(FailureKind.Conflict, conflict);
            }
            catch (SecretsManagerException e)
            {
                failure = AwsFailure.Answer(e);
            }
        }

        return failure;
    }

    private HandlerAnswer Complete(HandlerAnswer answer) => answer with
    {
        Applied = Applied.ToJson(),
        Events = [.. progress.Events, .. answer.Events],
        // While something is waited for, what was said of the secret that stands still holds.
        Conditions = answer is HandlerAnswer.InProgress
            ? [.. (request.Component.Status?.Conditions ?? []).Where(c => c.Type != Condition.Ready)]
            : answer.Conditions,
    };
}
