using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Components.SecretPush;

/// <summary>One run for one secret: look, decide, do, until there is nothing more to do for now. Look, then generate, then write once.</summary>
internal sealed class SecretReconcile
{
    private const string TagResource = "secretsmanager:TagResource";
    private const string RestoreSecret = "secretsmanager:RestoreSecret";
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
    private readonly List<HandlerEvent> events = [];
    private readonly SortedSet<string> denied = new(StringComparer.Ordinal);
    private AppliedSecret applied;
    private SecretTarget target;

    public SecretReconcile(SecretsManagerClient client, SecretsManagerClients clients, Peers peers, HandlerRequest request, SecretPushConfig config)
    {
        (this.client, this.peers, this.request, this.config) = (client, peers, request, config);
        removal = new(clients, peers, request.Component);
        owner = peers.Owner(request.Component);
        uid = VersionToken.UidDigest(request.Component.Metadata.Uid!);
        inputs = FieldsDigest.Of(config.Fields);
        applied = AppliedSecret.Read(request.Applied);
        target = new(config.SecretName, client.Region, null, config.RoleArn, config.ExternalId);
        if (applied.Targets.FirstOrDefault(t => t.IsSameSecret(target)) is { } known)
            target = known with { ExternalId = config.ExternalId };
        // The last target is the one that the rest of the memory is about.
        if (applied.Targets is [.., var latest] && !latest.IsSameSecret(target))
            applied = applied.ForAnotherSecret();
        // Nothing short of a new attempt shows whether this one is given by now, and none is made while the secret stands.
        if (applied.Denied?.Contains(RestoreSecret) == true)
            denied.Add(RestoreSecret);
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
        applied = applied.NotAheadOf(now);
        Acknowledge(secret, now);
        var possession = Possession.Of(secret, owner, uid, applied, peers.IsGone);
        var step = SecretDecision.Decide(
            new()
            {
                Config = config,
                Me = owner,
                Uid = uid,
                Inputs = inputs,
                RequestedAt = request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
                Applied = applied,
                Target = target,
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
                return await Write(write, secret, cancellation)
                    ? await Finish(possession with { IsDrifted = false }, write.Slot + config.RefreshInterval, cancellation)
                    : null;
            case SecretStep.Keep keep:
                target = target with { Arn = secret!.Arn };
                await ChangeMetadata(secret, cancellation);
                return await Finish(possession, keep.Until, cancellation);
            case SecretStep.Restore restore:
                return await Restore(restore, secret!, cancellation);
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
        if (applied.Pending is { } pending && VersionToken.Parse(pending.Token) is { } token && secret.VersionIdsToStages.ContainsKey(pending.Token))
        {
            Wrote(token, secret.Arn, secret.LastChangedDate ?? now);
            return;
        }

        if (VersionToken.Parse(applied.VersionId) is { } known
            && VersionToken.Parse(Possession.CurrentVersionIdOf(secret)) is { } current
            && current.Owner == owner.OwnerDigest && current.Occasion > known.Occasion)
        {
            var begun = applied.Pending;
            Wrote(current, secret.Arn, current.OccasionTime);
            applied = applied with { Pending = begun, Slot = applied.Slot > current.OccasionTime ? applied.Slot : current.OccasionTime };
        }
    }

    private async Task<bool> Write(SecretStep.Write write, SecretDescription? secret, CancellationToken cancellation)
    {
        var mayBeWritten = applied.Pending is { NotWritten: false } begun && begun.Token == write.Token.ToString();
        await Intend(write, cancellation);
        try
        {
            using var value = await SecretDocument.Generate(config.Fields, client, cancellation);
            var written = write.Creates ? await Create(write, value, cancellation) : await Update(write, value, secret!, cancellation);
            Wrote(write.Token, written.Arn, written.Date ?? client.Clock.Now);
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.AlreadyExists)
        {
            applied = applied with { Pending = new(write.Token.ToString(), applied.Pending?.RefusedAt ?? client.Clock.Now) };
            return false;
        }
        catch (SecretsManagerException e) when (!mayBeWritten && AwsFailure.IsDefinite(e))
        {
            applied = applied with { Pending = applied.Pending! with { NotWritten = true } };
            throw;
        }

        if (write.Creates)
        {
            events.Add(new("SecretCreated", write.WasGone
                ? $"created {config.SecretName} anew: it had gone without us, and the new one has new values"
                : $"created {config.SecretName}"));
            Sent(tagsToo: !denied.Contains(TagResource));
        }
        else
        {
            events.Add(new("SecretUpdated", $"wrote a new value to {config.SecretName}"));
            await ChangeTags(SecretMetadata.Changes(config, owner, secret!, applied.Sent), cancellation);
        }

        return true;
    }

    private async Task<WrittenSecret> Create(SecretStep.Write write, SecretText value, CancellationToken cancellation)
    {
        var input = new CreateSecretInput(
            config.SecretName, write.Token.ToString(), value, config.KmsKeyId, config.Description, SecretMetadata.AllTags(config, owner));
        try
        {
            return await client.CreateSecret(input, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.Denied)
        {
            // Tags at creation need a right of their own. The same value under the same token without them: it is ours by its version id.
            var written = await client.CreateSecret(input with { Tags = null }, cancellation);
            denied.Add(TagResource);
            return written;
        }
    }

    private async Task<WrittenSecret> Update(SecretStep.Write write, SecretText value, SecretDescription secret, CancellationToken cancellation)
    {
        var changes = SecretMetadata.Changes(config, owner, secret, applied.Sent);
        return await client.UpdateSecret(new(secret.Arn, write.Token.ToString(), value, changes.KmsKeyId, changes.Description), cancellation);
    }

    // Before the first side effect: where the secret will be, and under which token, so that a crash orphans and repeats nothing.
    private async Task Intend(SecretStep.Write write, CancellationToken cancellation)
    {
        var token = write.Token.ToString();
        target = target with { WriteBegunAt = client.Clock.Now };
        var isNew = applied.Pending?.Token != token;
        applied = Settled().With(target) with
        {
            Pending = isNew ? new(token) : applied.Pending! with { NotWritten = false },
            Slot = write.Slot,
            Budget = isNew ? WriteBudget.AfterWrite(applied.Budget, client.Clock.Now) : applied.Budget,
        };
        await request.Remember(applied.ToJson(), cancellation);
    }

    private void Wrote(VersionToken token, string arn, DateTimeOffset at)
    {
        target = target with { Arn = arn };
        applied = applied.With(target) with
        {
            Pending = null,
            Inputs = token.Inputs,
            VersionId = token.ToString(),
            FieldCount = token.Inputs == inputs ? config.Fields.Count : null,
            WrittenAt = at,
        };
    }

    private async Task<string?> OtherAccount(CancellationToken cancellation)
    {
        var account = await client.GetCallerAccount(cancellation);
        return target.Account is { } known && known != account
            ? $"the credentials are of account {account}, but the secret was made in {known}: nothing is written; set roleArn for the right account"
            : null;
    }

    private async Task<HandlerAnswer?> Restore(SecretStep.Restore restore, SecretDescription secret, CancellationToken cancellation)
    {
        if (restore.Regenerate is { } regenerate)
            await Intend(regenerate, cancellation);
        try
        {
            await client.RestoreSecret(secret.Arn, cancellation);
            denied.Remove(RestoreSecret);
            events.Add(new("SecretRestored", $"took {config.SecretName} back from deletion"));
            return null;
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.Denied && restore.MayDeleteInstead)
        {
            await client.DeleteSecret(secret.Arn, 0, cancellation);
            if (denied.Add(RestoreSecret))
            {
                events.Add(new("SecretDeleted", $"deleted {config.SecretName} at once, which a Component before this one had scheduled for deletion: "
                    + $"{RestoreSecret} is denied", IsWarning: true));
            }

            applied = Settled();
            return new HandlerAnswer.InProgress(LookAgain) { Message = "waits for AWS to let go of the secret's name" };
        }
    }

    private async Task TakeOver(SecretStep.TakeOver takeOver, SecretDescription secret, CancellationToken cancellation)
    {
        try
        {
            await client.TagResource(secret.Arn, new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = owner.TagValue }, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.Denied && !takeOver.NeedsTag)
        {
            denied.Add(TagResource);
        }

        target = target with { Arn = secret.Arn };
        applied = applied.With(target);
        events.Add(new("SecretAdopted", $"took {config.SecretName} over from {takeOver.From}, its value kept"));
    }

    private HandlerAnswer.Done LeftToOwner(SecretStep.LeaveToOwner leave, SecretDescription secret)
    {
        var message = $"the secret exists and belongs to {leave.Who}: left untouched; set adopt: true to take it over";
        if (request.Component.Status?.Condition("SecretPushed")?.Reason != "AlreadyExists")
            events.Add(new("OwnershipConflict", message, IsWarning: true));
        target = target with { Arn = secret.Arn };
        // The owner may be a Component that is about to go and to leave the secret to this one.
        return new HandlerAnswer.Done(config.RefreshInterval < LookForOwner ? config.RefreshInterval : LookForOwner)
        {
            ProviderStatus = SecretReport.Outputs(config, target, inputs, new(), null),
            Conditions = SecretReport.NotPushed("AlreadyExists", message),
            Message = message,
        };
    }

    private HandlerAnswer.Failed Refused(string message)
    {
        events.Add(new("OwnershipConflict", message, IsWarning: true));
        return new(FailureKind.Conflict, message);
    }

    private async Task ChangeMetadata(SecretDescription secret, CancellationToken cancellation)
    {
        var changes = SecretMetadata.Changes(config, owner, secret, applied.Sent);
        if (changes.KmsKeyId is not null || changes.Description is not null)
        {
            // AWS wants a token here too, which becomes no version: the same change always bears the same.
            var token = $"do1m-{ShortDigest.Of(40, "do1", "metadata", owner.OwnerDigest, changes.KmsKeyId ?? "", changes.Description ?? "")}";
            await client.UpdateSecret(new(secret.Arn, token, null, changes.KmsKeyId, changes.Description), cancellation);
        }

        await ChangeTags(changes, cancellation);
    }

    // Key and description have been sent by now.
    private async Task ChangeTags(SecretMetadata changes, CancellationToken cancellation)
    {
        var sent = changes.Tags.Count == 0 || await OrDoWithout(TagResource, () => client.TagResource(target.Arn!, changes.Tags, cancellation));
        sent &= changes.TagsToRemove.Count == 0
            || await OrDoWithout("secretsmanager:UntagResource", () => client.UntagResource(target.Arn!, changes.TagsToRemove, cancellation));
        Sent(tagsToo: sent);
    }

    // Tags that were done without are not sent: they follow once the right is given.
    private void Sent(bool tagsToo)
    {
        var sent = SecretMetadata.Sent(config);
        applied = applied with { Sent = tagsToo ? sent : sent with { Tags = applied.Sent?.Tags } };
    }

    private async Task<bool> OrDoWithout(string action, Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (SecretsManagerException e) when (e.Kind == AwsErrorKind.Denied)
        {
            denied.Add(action);
            return false;
        }
    }

    // The secret is as it should be: what lies elsewhere of ours is released, and the status says so.
    private async Task<HandlerAnswer> Finish(Possession possession, DateTimeOffset? due, CancellationToken cancellation)
    {
        applied = applied.With(target) with { Pending = null };
        var failure = await ReleaseOthers(cancellation);
        applied = Settled();
        var mine = possession.Current?.Owner == owner.OwnerDigest ? possession.Current : null;
        var outputs = SecretReport.Outputs(config, target, inputs, applied, mine);
        var isOurValue = applied.VersionId is not null || possession.Current?.Owner.StartsWith(owner.ClusterDigest, StringComparison.Ordinal) == true;
        var conditions = isOurValue ? SecretReport.Pushed(config) : SecretReport.NotPushed("Adopted", "The secret was taken over with the value that it had");
        conditions = [.. conditions, .. SecretReport.Extras(possession, applied)];
        if (failure is not null)
            return failure with { ProviderStatus = outputs, Conditions = conditions };

        var next = applied.Targets.Count > 1 ? LookAgain
            : config.UpdatePolicy == UpdatePolicy.AlwaysUpdate && due is { } at ? at - client.Clock.Now
            : config.RefreshInterval;
        return new HandlerAnswer.Done(next > LookAgain ? next : LookAgain)
        {
            ProviderStatus = outputs,
            Conditions = conditions,
            Message = SecretReport.Message(config, target, inputs, applied, possession.Current),
        };
    }

    // What stands in the way of it does not hide the secret that is in place: null where nothing does.
    private async Task<HandlerAnswer.Failed?> ReleaseOthers(CancellationToken cancellation)
    {
        HandlerAnswer.Failed? failure = null;
        foreach (var old in applied.Targets.Where(t => !t.IsSameSecret(target)).ToList())
        {
            try
            {
                var released = await removal.Release(old, applied, config.DeletionPolicy, config.RecoveryWindowInDays, cancellation);
                events.AddRange(released.Events);
                if (released.IsDone)
                    applied = applied.Without(old);
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

    private AppliedSecret Settled() => applied with
    {
        UpdatePolicy = config.UpdatePolicy,
        DeletionPolicy = config.DeletionPolicy,
        RecoveryWindowInDays = config.RecoveryWindowInDays,
        RequestedAt = request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation),
        Denied = denied.Count > 0 ? [.. denied] : null,
    };

    private HandlerAnswer Complete(HandlerAnswer answer) => answer with
    {
        Applied = applied.ToJson(),
        Events = [.. events, .. answer.Events],
        // While something is waited for, what was said of the secret that stands still holds.
        Conditions = answer is HandlerAnswer.InProgress
            ? [.. (request.Component.Status?.Conditions ?? []).Where(c => c.Type != Condition.Ready)]
            : answer.Conditions,
    };
}
