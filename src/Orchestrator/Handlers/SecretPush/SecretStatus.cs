using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Derives a Component's status from its secret: outputs, conditions, message, and the next check. Pure.</summary>
internal sealed class SecretStatus(SecretObservation seen, SecretState state, Component component)
{
    private static readonly TimeSpan OwnerCheckInterval = TimeSpan.FromMinutes(5);

    private readonly SecretPushConfig config = seen.Config;

    /// <summary>The answer of a run, from the last decision. A former secret that cannot be released does not hide the current one.</summary>
    public HandlerAnswer Answer(SecretAction final, HandlerAnswer.Failed? failure, DateTimeOffset now) => final switch
    {
        SecretAction.WriteValue write => Unless(failure, InPlace(
            config.UpdatePolicy == UpdatePolicy.AlwaysUpdate ? write.Slot + config.RefreshInterval : null, null,
            seen.Ownership with { IsDrifted = false, Current = write.Token, CurrentVersionId = write.Token.ToString() }, now)),
        SecretAction.Keep keep => Unless(failure, InPlace(keep.Until, keep, seen.Ownership, now)),
        SecretAction.LeaveToOwner leave => LeftToOwner(leave.Reason.Text),
        SecretAction.LeaveToHolder leave => Conflict(leave.Reason.Text) with
        {
            // The outputs name the secret, so that it is left to this Component when the other one is deleted.
            ProviderStatus = Outputs(new()),
            Conditions = NotPushed("AlreadyExists", leave.Reason.Text),
            Watches = [new(ResourceType.Component, leave.Holder.Key, leave.Holder.ResourceVersion)],
        },
        SecretAction.Refuse refuse => Conflict(refuse.Reason.Text),
        SecretAction.Wait wait =>
            new HandlerAnswer.InProgress(wait.Until > seen.Now ? wait.Until - seen.Now : SecretDecision.RecheckInterval) { Message = wait.Reason.Text },
        _ => throw new InvalidOperationException($"{final} does not end a run"),
    };

    /// <summary>The obstacle to a release, from the last decision; null if the secret is released.</summary>
    public static HandlerAnswer? Obstacle(SecretAction? final) => final switch
    {
        SecretAction.Wait wait => new HandlerAnswer.InProgress(SecretDecision.RecheckInterval) { Message = wait.Reason.Text },
        SecretAction.Refuse refuse => new HandlerAnswer.Failed(FailureKind.Conflict, refuse.Reason.Text),
        SecretAction.Fail fail => SecretFailure.Refused(fail.Denial),
        _ => null,
    };

    private static HandlerAnswer Unless(HandlerAnswer.Failed? failure, HandlerAnswer.Done done)
    {
        HandlerAnswer? failed = failure is null ? null : failure with { ProviderStatus = done.ProviderStatus, Conditions = done.Conditions };
        return failed ?? done;
    }

    private HandlerAnswer.Done InPlace(DateTimeOffset? due, SecretAction.Keep? keep, Ownership ownership, DateTimeOffset now)
    {
        var postponed = keep is { IsPostponed: true } ? keep.Reason.Text : null;
        var isOurValue = state.VersionId is not null || seen.Self.IsOfSameCluster(ownership.Current?.Owner);
        var conditions = isOurValue ? Pushed() : NotPushed("Adopted", "The secret was taken over with the value that it had");
        if (postponed is not null)
            conditions = [.. conditions.Select(AsOfLastPush)];
        var next = state.Targets.Count > 1 ? SecretDecision.RecheckInterval : AtLeast(due is { } at ? at - now : config.RefreshInterval);
        return new(next)
        {
            ProviderStatus = Outputs(state),
            Conditions = [.. conditions, .. Extras(ownership, postponed)],
            Message = postponed ?? (keep is { Reason.Code: nameof(ActionReason.FieldsIgnored) } ? keep.Reason.Text : InPlaceMessage(ownership)),
        };
    }

    private HandlerAnswer.Done LeftToOwner(string message) =>
        // The owner may be a Component that is about to be deleted and leaves the secret to this one.
        new(AtLeast(config.RefreshInterval < OwnerCheckInterval ? config.RefreshInterval : OwnerCheckInterval))
        {
            ProviderStatus = Outputs(new()),
            Conditions = NotPushed("AlreadyExists", message),
            Message = message,
            Events = component.Status?.Condition("SecretPushed")?.Reason == "AlreadyExists" ? [] : [new("OwnershipConflict", message, IsWarning: true)],
        };

    // Reported once, not at every check.
    private HandlerAnswer.Failed Conflict(string message) => new(FailureKind.Conflict, message)
    {
        Events = component.Status?.Condition(Condition.Ready) is { Reason: nameof(FailureKind.Conflict) } last && last.Message == message
            ? []
            : [new("OwnershipConflict", message, IsWarning: true)],
    };

    // The specification's seven keys; those of a value write are absent without a known write of ours.
    private JsonObject Outputs(SecretState written)
    {
        var target = state.Wanted;
        var outputs = new JsonObject
        {
            [SecretOutputs.Arn] = target.Arn,
            [SecretOutputs.Name] = target.Name,
            [SecretOutputs.Path] = target.Name,
        };
        var version = VersionToken.Parse(written.VersionId);
        if (version is not null)
            outputs[SecretOutputs.VersionId] = version.ToString();
        outputs[SecretOutputs.Region] = target.Region;
        if (version is not null)
        {
            outputs[SecretOutputs.LastSyncTime] = TimestampConverter.ToText(written.WrittenAt ?? version.OccasionTime);
            if ((written.FieldCount ?? (version.Inputs == seen.Inputs ? config.Fields.Count : null)) is { } count)
                outputs[SecretOutputs.FieldCount] = count;
        }

        return outputs;
    }

    private IReadOnlyList<Condition> Pushed() =>
    [
        config.Fields.Any(f => f.Generator is not null)
            ? New("SecretsGenerated", Condition.True, "Generated", "Generated passwords via AWS GetRandomPassword")
            : New("SecretsGenerated", Condition.True, "NothingToGenerate", "No field is generated"),
        New("SecretPushed", Condition.True, "Pushed", "Pushed to AWS Secrets Manager"),
    ];

    private static IReadOnlyList<Condition> NotPushed(string reason, string message) =>
        [New("SecretsGenerated", Condition.False, reason, message), New("SecretPushed", Condition.False, reason, message)];

    // The value that this generation asks for is not pushed yet: the conditions are about an earlier generation.
    private Condition AsOfLastPush(Condition condition) =>
        condition with { ObservedGeneration = component.Status?.Condition(condition.Type)?.ObservedGeneration };

    private IEnumerable<Condition> Extras(Ownership ownership, string? postponed)
    {
        if (ownership.IsDrifted)
            yield return New("Drifted", Condition.True, "ForeignVersion", ownership.IsWriterWalled
                ? "the current version was written by another client" : $"the current version {ownership.CurrentVersionId} was written by another client");
        var rights = state.Denied is { Count: > 0 } denied
            ? $"some steps are skipped, because {string.Join(", ", denied)} "
                + (denied.Count == 1
                    ? "is denied: grant it, or remove the settings that need it"
                    : "are denied: grant them, or remove the settings that need them")
            : null;
        if (postponed is not null)
            yield return New("Limited", Condition.True, "WriteBudget", rights is null ? postponed : $"{postponed}; {rights}");
        else if (rights is not null)
            yield return New("Limited", Condition.True, "MissingRights", rights);
    }

    private string InPlaceMessage(Ownership ownership) => $"secret {state.Wanted.Name} is in AWS Secrets Manager in {state.Wanted.Region}"
        + state.HowRestored(ownership.CurrentVersionId) switch
        {
            Recreate.Restore => ", restored with its value",
            Recreate.Regenerate => ", regenerated after it was scheduled for deletion",
            _ => "",
        };

    private static TimeSpan AtLeast(TimeSpan next) => next > SecretDecision.RecheckInterval ? next : SecretDecision.RecheckInterval;

    private static Condition New(string type, string status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
