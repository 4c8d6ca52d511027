using System.Globalization;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Carries out what was decided for the secret that a Component wants. What must not be forgotten is stored before the first side effect; a value is
/// generated, written once, and cleared.
/// </summary>
internal sealed class SecretExecutor(ISecretsManager client, Func<SecretState, CancellationToken, Task> store)
{
    private const string TagResource = "secretsmanager:TagResource";

    /// <summary>Carries out an action. AWS's refusal is part of the outcome, with the state as far as things came.</summary>
    public Task<Outcome> Execute(SecretAction action, SecretObservation seen, CancellationToken cancellation) => action switch
    {
        SecretAction.WriteValue write => Write(write, seen, cancellation),
        SecretAction.WriteMetadata write => WriteMetadata(write, seen, cancellation),
        SecretAction.Keep keep => Task.FromResult(new Outcome(AtArn(seen).WithSent(seen.Config, tagsToo: true)) { Final = keep }),
        SecretAction.Restore restore => Restore(restore, seen, cancellation),
        SecretAction.TakeOver takeOver => TakeOver(takeOver, seen, cancellation),
        SecretAction.LeaveToOwner or SecretAction.LeaveToHolder => Task.FromResult(new Outcome(AtArn(seen)) { Final = action }),
        _ => Task.FromResult(new Outcome(seen.State) { Final = action }),
    };

    /// <summary>Deletes a secret; not while it has replicas, which somebody else added: whoever did may still read them, so they are theirs to
    /// remove.</summary>
    /// <exception cref="SecretsManagerException">AWS refused.</exception>
    public static async Task<Released> Delete(ISecretsManager client, SecretAction.Delete delete, CancellationToken cancellation)
    {
        var (secret, days) = (delete.Secret, delete.RecoveryWindowInDays);
        try
        {
            await client.DeleteSecret(secret.Arn, days, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind is AwsErrorKind.InvalidParameter or AwsErrorKind.InvalidRequest && secret.ReplicaRegions.Count > 0)
        {
            return new(
                Failure: new(FailureKind.Rejected,
                ActionReason.HasReplicas(secret.Name, secret.ReplicaRegions).Text)
                { RecheckAfter = TimeSpan.FromMinutes(1) });
        }

        return new(Event: new("SecretDeleted", days == 0
            ? $"deleted {secret.Name} at once: {delete.Reason.Text}"
            : $"scheduled {secret.Name} for deletion in {days} days (until then it can be restored): {delete.Reason.Text}"));
    }

    private async Task<Outcome> Write(SecretAction.WriteValue write, SecretObservation seen, CancellationToken cancellation)
    {
        var (config, token) = (seen.Config, write.Token.ToString());
        var begun = seen.State.Pending?.Token == token ? seen.State.Pending : null;
        var intended = seen.State.Intending(write, config, seen.RequestedAt, client.Clock.Now);
        // A try that AWS is known to have refused is stored already; where it is refused again, nothing is new.
        var isRefused = begun is { NotWritten: true };
        if (!isRefused)
            await store(intended, cancellation);
        Outcome written;
        try
        {
            using var value = await SecretDocument.Generate(config.Fields, client, cancellation);
            written = write.Creates ? await Create(write, intended, seen, value, cancellation) : await Update(write, intended, seen, value, cancellation);
        }
        catch (SecretsManagerException e) when (e.Operation is "CreateSecret" or "UpdateSecret"
            && e.Kind is AwsErrorKind.AlreadyExists or AwsErrorKind.InvalidRequest)
        {
            // The value is lost, and another is not generated before it is clear what is in the way. An invalid request wrote nothing: the next starts over.
            return new(intended with
            {
                Pending = e.Kind == AwsErrorKind.InvalidRequest
                    ? new(token, client.Clock.Now, Refusal: e.Message)
                    : new(token, begun?.RefusedAt ?? client.Clock.Now),
            });
        }
        catch (SecretsManagerException e)
        {
            var isNotWritten = AwsFailure.IsDefinite(e) && begun is null or { NotWritten: true };
            return new(!isNotWritten ? intended : isRefused
                ? seen.State : intended with { Pending = intended.Pending! with { NotWritten = true } })
            { Failure = e };
        }

        return (write.Creates ? written : await ChangeTags(written, seen, write.Changes, cancellation)) with { Final = write };
    }

    private async Task<Outcome> Create(SecretAction.WriteValue write, SecretState state, SecretObservation seen, SecretText value,
        CancellationToken cancellation)
    {
        var config = seen.Config;
        var input = new CreateSecretInput(
            config.SecretName, write.Token.ToString(), value, config.KmsKeyId, config.Description, SecretMetadata.AllTags(config, seen.Me));
        WrittenSecret written;
        try
        {
            written = await client.CreateSecret(input, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "CreateSecret" })
        {
            // Tags at creation need a right of their own. The same value under the same token without them: it is ours by its version id.
            written = await client.CreateSecret(input with { Tags = null }, cancellation);
            state = state.WithDenied(TagResource, isDenied: true);
        }

        var isTagged = !state.DeniedNow.Contains(TagResource);
        return new(state.Wrote(write.Token, written.Arn, written.Date ?? client.Clock.Now, config).WithSent(config, isTagged))
        {
            Events = [new("SecretCreated", $"created {config.SecretName}{(write.Reason == ActionReason.NotThere ? "" : $": {write.Reason.Text}")}")],
        };
    }

    private async Task<Outcome> Update(SecretAction.WriteValue write, SecretState state, SecretObservation seen, SecretText value,
        CancellationToken cancellation)
    {
        var written = await client.UpdateSecret(
            new(seen.Secret!.Arn, write.Token.ToString(), value, write.Changes.KmsKeyId, write.Changes.Description), cancellation);
        return new(state.Wrote(write.Token, written.Arn, written.Date ?? client.Clock.Now, seen.Config))
        {
            Events = [new("SecretUpdated", $"wrote a new value to {seen.Config.SecretName}: {write.Reason.Text}")],
        };
    }

    private async Task<Outcome> WriteMetadata(SecretAction.WriteMetadata write, SecretObservation seen, CancellationToken cancellation)
    {
        var (changes, secret) = (write.Changes, seen.Secret!);
        var done = new Outcome(AtArn(seen)) { Final = write.Value };
        try
        {
            if (changes.KmsKeyId is not null || changes.Description is not null)
            {
                // AWS wants a token here too, which becomes no version. One that was used before might change nothing: back to an earlier text is
                // another change.
                var before = secret.LastChangedDate?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "";
                var digest = ShortDigest.Of(40, "do1", "metadata", seen.Me.OwnerDigest, changes.KmsKeyId ?? "", changes.Description ?? "", before);
                await client.UpdateSecret(new(secret.Arn, $"do1m-{digest}", null, changes.KmsKeyId, changes.Description), cancellation);
            }
        }
        catch (SecretsManagerException e)
        {
            return done with { Failure = e };
        }

        return await ChangeTags(done, seen, changes, cancellation);
    }

    // Key and description are sent by now.
    private async Task<Outcome> ChangeTags(Outcome done, SecretObservation seen, SecretMetadata changes, CancellationToken cancellation)
    {
        var (state, arn, isSent) = (done.State, done.State.Target.Arn!, true);
        try
        {
            if (changes.Tags.Count > 0 && !await IsAllowed(client.TagResource(arn, changes.Tags, cancellation)))
                (state, isSent) = (state.WithDenied(TagResource, isDenied: true), false);
            if (changes.TagsToRemove.Count > 0 && !await IsAllowed(client.UntagResource(arn, changes.TagsToRemove, cancellation)))
                (state, isSent) = (state.WithDenied("secretsmanager:UntagResource", isDenied: true), false);
            return done with { State = state.WithSent(seen.Config, isSent) };
        }
        catch (SecretsManagerException e)
        {
            return done with { State = state, Failure = e };
        }
    }

    private async Task<Outcome> Restore(SecretAction.Restore restore, SecretObservation seen, CancellationToken cancellation)
    {
        var (state, secret, name) = (seen.State, seen.Secret!, seen.Config.SecretName);
        var events = new List<HandlerEvent>();
        if (restore.Regenerate is { } regenerate)
        {
            state = (state with { TakenBack = new(Recreate.Regenerate, regenerate.Token.ToString()) })
                .Intending(regenerate, seen.Config, seen.RequestedAt, client.Clock.Now);
            await store(state, cancellation);
        }

        if (seen.Ownership.Kind == OwnershipKind.Abandoned)
        {
            // Nobody else releases it again: from before it comes back it is this Component's.
            state = state.Holding(secret.Arn);
            await store(state, cancellation);
            events.Add(new("SecretAdopted", $"took over {name}: {ActionReason.Abandoned(seen.Ownership.Owner!).Text}"));
        }

        try
        {
            await client.RestoreSecret(secret.Arn, cancellation);
            events.Add(new("SecretRestored", $"restored {name}: {restore.Reason.Text}"));
            if (restore.Regenerate is null && seen.Ownership.CurrentVersionId is { } kept)
                state = state with { TakenBack = new(Recreate.Restore, kept) };
            return new(state.WithDenied(SecretState.RestoreSecret, isDenied: false)) { Events = events };
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "RestoreSecret" } && restore.MayDeleteInstead)
        {
            return await DeleteInstead(new(state) { Events = events }, seen, cancellation);
        }
        catch (SecretsManagerException e)
        {
            return new(state) { Events = events, Failure = e };
        }
    }

    private async Task<Outcome> DeleteInstead(Outcome done, SecretObservation seen, CancellationToken cancellation)
    {
        try
        {
            await client.DeleteSecret(seen.Secret!.Arn, 0, cancellation);
        }
        catch (SecretsManagerException e)
        {
            return done with { Failure = e };
        }

        var isTold = done.State.DeniedNow.Contains(SecretState.RestoreSecret);
        return new(done.State.WithDenied(SecretState.RestoreSecret, isDenied: true).Settled(seen.Config, seen.RequestedAt))
        {
            Events = isTold
                ? done.Events : [.. done.Events, new("SecretDeleted", $"deleted {seen.Config.SecretName} at once, which a Component before this one had "
                + $"scheduled for deletion: {SecretState.RestoreSecret} is denied", IsWarning: true)],
            Final = new SecretAction.Wait(seen.Now + SecretDecision.LookAgain, ActionReason.NameInUse),
        };
    }

    private async Task<Outcome> TakeOver(SecretAction.TakeOver takeOver, SecretObservation seen, CancellationToken cancellation)
    {
        var (state, secret) = (seen.State, seen.Secret!);
        // By its name alone: should the answer be lost and the spec name another by then, the tag tells whether it became ours.
        if (!state.Targets.Any(t => t.IsSameSecret(state.Target)))
        {
            state = state.With(state.Target with { Arn = null });
            await store(state, cancellation);
        }

        try
        {
            var tag = new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = seen.Me.TagValue };
            await client.TagResource(secret.Arn, tag, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "TagResource" } && !takeOver.NeedsTag)
        {
            state = state.WithDenied(TagResource, isDenied: true);
        }
        catch (SecretsManagerException e)
        {
            return new(state) { Failure = e };
        }

        return new(state.Holding(secret.Arn)) { Events = [new("SecretAdopted", $"took over {seen.Config.SecretName}: {takeOver.Reason.Text}")] };
    }

    private static SecretState AtArn(SecretObservation seen) => seen.State with { Target = seen.State.Target with { Arn = seen.Secret!.Arn } };

    // False where the right to tag is missing: it is done without.
    private static async Task<bool> IsAllowed(Task call)
    {
        try
        {
            await call;
            return true;
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "TagResource" or "UntagResource" })
        {
            return false;
        }
    }
}

/// <summary>What came of an action.</summary>
/// <param name="State">The state after it.</param>
internal sealed record Outcome(SecretState State)
{
    /// <summary>What happened.</summary>
    public IReadOnlyList<HandlerEvent> Events { get; init; } = [];

    /// <summary>AWS's refusal; null where all went well.</summary>
    public SecretsManagerException? Failure { get; init; }

    /// <summary>What the status tells, as there is nothing more to do for now; null where the secret is to be looked at again.</summary>
    public SecretAction? Final { get; init; }
}

/// <summary>What came of releasing a secret: it is done where neither a failure nor a wait is left.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Failure">Why it is still there, or cannot be known to be gone.</param>
/// <param name="Wait">What is waited for.</param>
internal sealed record Released(HandlerEvent? Event = null, HandlerAnswer.Failed? Failure = null, ActionReason? Wait = null);
