using System.Globalization;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Executes one action, on the secret that a Component wants or on one that it releases. State that must not be lost is stored before the first side effect;
/// a value is generated, written once, and cleared.
/// </summary>
/// <param name="open">Opens the client, which SecretPolicies may deny; an action without a call does not open it.</param>
/// <param name="seen">The observation behind the action.</param>
/// <param name="store">Stores the state.</param>
/// <param name="cancellation">Cancels the calls.</param>
internal sealed class SecretExecutor(
    Func<ISecretsManager> open, Observation seen, Func<SecretState, CancellationToken, Task> store, CancellationToken cancellation)
{
    private const string TagResource = "secretsmanager:TagResource";

    private static readonly TimeSpan ReplicasRecheck = TimeSpan.FromMinutes(1);

    private readonly List<HandlerEvent> events = [];

    // Returned even if the next call fails.
    private SecretState state = seen.State;
    private HandlerAnswer.Failed? failure;

    // Only a secret that the Component wants is written, never one that it releases.
    private SecretPushConfig Config => ((SecretObservation)seen).Config;

    private string? RequestedAt => ((SecretObservation)seen).RequestedAt;

    private ISecretsManager Client => field ??= open();

    /// <summary>Executes the action. A refusal is part of the outcome.</summary>
    public async Task<Outcome> Execute(SecretAction action)
    {
        try
        {
            SecretAction? final = action switch
            {
                SecretAction.WriteValue write => await Write(write),
                SecretAction.WriteMetadata write => await WriteMetadata(write),
                SecretAction.Restore restore => await Restore(restore),
                SecretAction.TakeOver takeOver => await TakeOver(takeOver),
                SecretAction.Delete delete => await Delete(delete),
                SecretAction.LeaveInPlace leave => LeaveInPlace(leave),
                SecretAction.Keep or SecretAction.LeaveToOwner or SecretAction.LeaveToHolder => Keep(action),
                SecretAction.Refuse or SecretAction.Wait or SecretAction.Forget or SecretAction.Fail => action,
                _ => throw new InvalidOperationException($"{action} cannot be executed"),
            };
            return new(state, events, final, failure);
        }
        catch (Exception e) when (SecretFailure.Answer(e, seen as ReleaseObservation) is { } refusal)
        {
            return new(state, events, Failure: refusal);
        }
    }

    private SecretAction Keep(SecretAction action)
    {
        state = state with { Wanted = state.Wanted with { Arn = seen.Secret!.Arn } };
        if (action is SecretAction.Keep)
            state = state.WithSent(Config, tagsToo: true);
        return action;
    }

    private SecretAction.LeaveInPlace LeaveInPlace(SecretAction.LeaveInPlace leave)
    {
        events.Add(new("SecretLeft", $"left {leave.SecretName} in place: {leave.Reason.Text}"));
        return leave;
    }

    // AWS refuses while the secret has replicas: the client that added them may still read them, and has to remove them.
    private async Task<SecretAction?> Delete(SecretAction.Delete delete)
    {
        var (secret, days) = (delete.Secret, delete.RecoveryWindowInDays);
        try
        {
            await Client.DeleteSecret(secret.Arn, days, cancellation);
        }
        catch (SecretsManagerException e) when (e.Kind is AwsErrorKind.InvalidParameter or AwsErrorKind.InvalidRequest && secret.ReplicaRegions.Count > 0)
        {
            failure = new(FailureKind.Rejected, ActionReason.HasReplicas(secret.Name, secret.ReplicaRegions).Text) { RecheckAfter = ReplicasRecheck };
            return null;
        }

        events.Add(new("SecretDeleted", days == 0
            ? $"deleted {secret.Name} at once: {delete.Reason.Text}"
            : $"scheduled {secret.Name} for deletion in {days} days (until then it can be restored): {delete.Reason.Text}"));
        return delete;
    }

    private async Task<SecretAction?> Write(SecretAction.WriteValue write)
    {
        var token = write.Token.ToString();
        var begun = state.Pending?.Token == token ? state.Pending : null;
        // The state of a refused try is stored already.
        var isRefused = begun is { NotWritten: true };
        state = state.BeforeWrite(write, Config, RequestedAt, Client.Clock.Now);
        if (!isRefused)
            await store(state, cancellation);
        try
        {
            using var value = await SecretDocument.Generate(Config.Fields, Client, cancellation);
            await (write.Creates ? Create(write, value) : Update(write, value));
        }
        catch (SecretsManagerException e) when (e.Operation is "CreateSecret" or "UpdateSecret"
            && e.Kind is AwsErrorKind.AlreadyExists or AwsErrorKind.InvalidRequest)
        {
            // This value is lost, and none is generated until the obstacle is known. An invalid request wrote nothing: the next try starts over.
            var pending = e.Kind == AwsErrorKind.InvalidRequest ? new PendingWrite(token, Client.Clock.Now, Refusal: e.Message)
                : new(token, begun?.RefusedAt ?? Client.Clock.Now, IsTaken: e.Operation == "UpdateSecret");
            // This attempt wrote nothing, so its value is still due.
            state = state with
            {
                Pending = pending,
                UpdatePolicy = seen.State.UpdatePolicy,
                RequestedAt = seen.State.RequestedAt,
                Slot = seen.State.Slot,
            };
            return null;
        }
        catch (SecretsManagerException e)
        {
            if (isRefused && SecretFailure.IsDefinite(e))
                state = seen.State;
            else if (begun is null && SecretFailure.IsDefinite(e))
                state = state with { Pending = state.Pending! with { NotWritten = true } };
            throw;
        }
        catch (SecretGateException e) when (!e.WasSent && (begun is null || isRefused))
        {
            // Nothing was sent: a secret that was never created can be released without a policy.
            state = seen.State;
            throw;
        }

        if (!write.Creates)
            await ChangeTags(write.Changes);
        return write;
    }

    private async Task Create(SecretAction.WriteValue write, SecretText value)
    {
        var input = new CreateSecretInput(
            Config.SecretName, write.Token.ToString(), value, Config.KmsKeyId, Config.Description, SecretMetadata.AllTags(Config, seen.Self));
        var isDenied = state.DeniedNow.Contains(TagResource);
        WrittenSecret written;
        try
        {
            written = await Client.CreateSecret(input, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "CreateSecret" })
        {
            if (Config.MandatoryTags.Count > 0)
                throw new SecretsManagerException(e.Operation, e.Kind, e.Code, $"with the tags that a SecretPolicy demands also {TagResource}: {e.Message}");
            // Tags at creation need a separate permission. Retry the same value under the same token without them: the version id alone proves that it is ours.
            written = await Client.CreateSecret(input with { Tags = null }, cancellation);
            isDenied = true;
        }

        state = state.WithDenied(TagResource, isDenied).AfterWrite(write.Token, written.Arn, written.Date ?? Client.Clock.Now, Config)
            .WithSent(Config, !isDenied);
        events.Add(new("SecretCreated", $"created {Config.SecretName}{(write.Reason == ActionReason.NotThere ? "" : $": {write.Reason.Text}")}"));
    }

    private async Task Update(SecretAction.WriteValue write, SecretText value)
    {
        var input = new UpdateSecretInput(seen.Secret!.Arn, write.Token.ToString(), value, write.Changes.KmsKeyId, write.Changes.Description);
        var written = await Client.UpdateSecret(input, cancellation);
        state = state.AfterWrite(write.Token, written.Arn, written.Date ?? Client.Clock.Now, Config);
        events.Add(new("SecretUpdated", $"wrote a new value to {Config.SecretName}: {write.Reason.Text}"));
    }

    private async Task<SecretAction> WriteMetadata(SecretAction.WriteMetadata write)
    {
        var (changes, secret) = (write.Changes, seen.Secret!);
        state = state with { Wanted = state.Wanted with { Arn = secret.Arn } };
        if (changes.KmsKeyId is not null || changes.Description is not null)
        {
            // AWS requires a token here too, but makes no version of it. It might ignore a known token, so a change back to an earlier text has a new one.
            var before = secret.LastChangedDate?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "";
            var digest = ShortDigest.Of(40, "do1", "metadata", seen.Self.OwnerDigest, changes.KmsKeyId ?? "", changes.Description ?? "", before);
            await Client.UpdateSecret(new(secret.Arn, $"do1m-{digest}", null, changes.KmsKeyId, changes.Description), cancellation);
        }

        await ChangeTags(changes);
        return write.Value;
    }

    // Key and description are sent by now.
    private async Task ChangeTags(SecretMetadata changes)
    {
        var (arn, isSent) = (state.Wanted.Arn!, true);
        if (changes.Tags.Keys.Any(key => Config.MandatoryTags.Contains(key, StringComparer.Ordinal)))
        {
            state = state.WithSent(Config, tagsToo: false);
            await Client.TagResource(arn, changes.Tags, cancellation);
        }
        else if (changes.Tags.Count > 0)
            isSent &= await IsAllowed(Client.TagResource(arn, changes.Tags, cancellation), TagResource);
        if (changes.TagsToRemove.Count > 0)
            isSent &= await IsAllowed(Client.UntagResource(arn, changes.TagsToRemove, cancellation), "secretsmanager:UntagResource");
        state = state.WithSent(Config, isSent);
    }

    private async Task<SecretAction?> Restore(SecretAction.Restore restore)
    {
        var (secret, name) = (seen.Secret!, Config.SecretName);
        if (restore.Regenerate is { } regenerate)
        {
            state = (state with { LastRestore = new(Recreate.Regenerate, regenerate.Token.ToString()) })
                .BeforeWrite(regenerate, Config, RequestedAt, Client.Clock.Now);
            await store(state, cancellation);
        }

        if (seen.Ownership.Kind == OwnershipKind.Abandoned)
        {
            // It becomes ours before the restore: after a crash, no other Component would release it.
            state = state.TakenOver(secret.Arn);
            await store(state, cancellation);
            events.Add(new("SecretAdopted", $"took over {name}: {ActionReason.Abandoned(seen.Ownership.Owner!).Text}"));
        }

        try
        {
            await Client.RestoreSecret(secret.Arn, cancellation);
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "RestoreSecret" } && restore.MayDeleteInstead)
        {
            return await DeleteInstead(secret);
        }

        events.Add(new("SecretRestored", $"restored {name}: {restore.Reason.Text}"));
        if (restore.Regenerate is null && seen.Ownership.CurrentVersionId is { } kept)
            state = state with { LastRestore = new(Recreate.Restore, kept) };
        state = state.WithDenied(SecretState.RestoreSecret, isDenied: false);
        return null;
    }

    private async Task<SecretAction> DeleteInstead(SecretDescription secret)
    {
        await Client.DeleteSecret(secret.Arn, 0, cancellation);
        if (!state.DeniedNow.Contains(SecretState.RestoreSecret))
            events.Add(new("SecretDeleted", $"deleted {Config.SecretName} immediately: an earlier Component "
                + $"had scheduled it for deletion, and {SecretState.RestoreSecret} is denied", IsWarning: true));
        state = state.WithDenied(SecretState.RestoreSecret, isDenied: true).Honoring(Config, RequestedAt);
        return SecretAction.Wait.Soon(seen, ActionReason.NameInUse);
    }

    private async Task<SecretAction?> TakeOver(SecretAction.TakeOver takeOver)
    {
        var arn = seen.Secret!.Arn;
        // Recorded by its name, without the ARN: if the answer is lost and the spec names another secret by then, the tag tells whether this one became ours.
        if (state.Recorded is null)
        {
            state = state.With(state.Wanted with { Arn = null });
            await store(state, cancellation);
        }

        var tag = new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = seen.Self.TagValue };
        var tagging = Client.TagResource(arn, tag, cancellation);
        if (takeOver.NeedsTag)
            await tagging;
        else
            await IsAllowed(tagging, TagResource);
        state = state.TakenOver(arn);
        events.Add(new("SecretAdopted", $"took over {Config.SecretName}: {takeOver.Reason.Text}"));
        return null;
    }

    // Without the permission to tag, continue without tags.
    private async Task<bool> IsAllowed(Task call, string action)
    {
        try
        {
            await call;
            return true;
        }
        catch (SecretsManagerException e) when (e is { Kind: AwsErrorKind.Denied, Operation: "TagResource" or "UntagResource" })
        {
            state = state.WithDenied(action, isDenied: true);
            return false;
        }
    }
}

/// <summary>The outcome of an action.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Events">The events.</param>
/// <param name="Final">The decision that the status reports, if nothing is left to do for now; null to observe again.</param>
/// <param name="Failure">The refusal of AWS, a SecretPolicy or the store; null without one.</param>
internal sealed record Outcome(
    SecretState State, IReadOnlyList<HandlerEvent> Events, SecretAction? Final = null, HandlerAnswer? Failure = null);
