using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>Why secret-push would write a secret or leave it: read from what it remembered before and what it found. Pure.</summary>
internal static class SecretReason
{
    /// <summary>The reason in one sentence.</summary>
    public static string Of(HandlerRequest request, SecretPushConfig config, IReadOnlyList<SecretDeed> deeds, HandlerAnswer answer, SecretOwner owner, bool isAsked)
    {
        var applied = AppliedSecret.Read(request.Applied);
        if (deeds.Count == 0)
            return Left(request, config, applied, answer);
        if (deeds.FirstOrDefault(d => d.Kind == SecretDeedKind.Create) is { } create)
        {
            return applied.Targets.Any(t => t.Name == create.Name && t.Region == create.Region && t.RoleArn == config.RoleArn && t.Arn is not null)
                ? "it was made before and is gone without us: it gets new values"
                : isAsked ? "it is not there" : "nothing is known to be there";
        }

        var value = deeds.FirstOrDefault(d => d.Kind == SecretDeedKind.Value);
        if (deeds.Any(d => d.Kind == SecretDeedKind.Restore))
        {
            return value is null
                ? "it is scheduled for deletion: it comes back with its value"
                : "it is scheduled for deletion: it comes back, and gets new values";
        }

        if (answer.Events.FirstOrDefault(e => e.Reason == "SecretAdopted") is { } adopted)
            return value is null ? AsPlan(adopted.Message) : $"{AsPlan(adopted.Message)}, until the new one that is due";
        return value is null ? "only what stands beside the value changes: it is kept" : WhyValue(request, config, applied, value, owner);
    }

    /// <summary>What an event says was done, as what would be done.</summary>
    public static string AsPlan(string told) =>
        told.StartsWith("took ", StringComparison.Ordinal) ? $"takes {told[5..]}"
        : told.StartsWith("left ", StringComparison.Ordinal) ? $"leaves {told[5..]}"
        : told.StartsWith("deleted ", StringComparison.Ordinal) ? $"deletes {told[8..]}"
        : told.StartsWith("scheduled ", StringComparison.Ordinal) ? $"schedules {told[10..]}"
        : told;

    // In the order of SecretDecision. What it looked at and is not known here is no reason.
    private static string WhyValue(HandlerRequest request, SecretPushConfig config, AppliedSecret applied, SecretDeed value, SecretOwner owner)
    {
        if (Possession.CurrentVersionIdOf(value.Before!) is not { } current)
            return "it has no value yet";
        if (applied.Pending?.Token == value.Token)
            return "a write that was begun is finished";
        var staged = value.Before!.VersionIdsToStages.Keys.Select(VersionToken.Parse).OfType<VersionToken>().Where(t => owner.Is(t.Owner)).MaxBy(t => t.Occasion);
        var last = VersionToken.Parse(applied.VersionId) ?? VersionToken.Parse(current) ?? staged;
        if (last is null)
            return "secret-push has written no value to it that is known, and updatePolicy is AlwaysUpdate";
        if (applied.UpdatePolicy == UpdatePolicy.IfNotExists)
            return "updatePolicy became AlwaysUpdate";
        if (VersionToken.Parse(value.Token) is { } after && (applied.Inputs ?? last.Inputs) != after.Inputs)
            return "its fields changed, and updatePolicy is AlwaysUpdate: every generated field gets a new value";
        // Without any memory nothing tells which request was honoured.
        if (applied.UpdatePolicy is not null && request.Component.Metadata.Annotation(ApiGroup.RequestedAtAnnotation) is { } requested && requested != applied.RequestedAt)
            return $"the annotation {ApiGroup.RequestedAtAnnotation} changed";
        return $"its refreshInterval of {GoDuration.ToText(config.RefreshInterval)} is over";
    }

    private static string Left(HandlerRequest request, SecretPushConfig config, AppliedSecret applied, HandlerAnswer answer)
    {
        if (answer.Conditions.Any(c => c is { Type: "SecretPushed", Reason: "AlreadyExists" }))
            return answer.Message!;
        // A value that is due waits: the message says for what.
        if (answer.Conditions.Any(c => c is { Type: "Limited", Reason: "WriteBudget" }))
            return answer.Message!;
        var written = VersionToken.Parse((string?)(answer as HandlerAnswer.Done)?.ProviderStatus?["versionId"]);
        // Of an earlier life, as after a restore from a backup.
        var recognised = written is not null && written.Uid != VersionToken.UidDigest(request.Component.Metadata.Uid!)
            ? "recognised, value kept: an earlier Component of this name wrote it"
            : null;
        if (config.UpdatePolicy == UpdatePolicy.AlwaysUpdate)
        {
            var standing = recognised ?? "it is up to date";
            return (applied.Slot ?? written?.OccasionTime) is { } slot
                ? $"{standing}; the next value is due at {TimestampConverter.ToText(slot + config.RefreshInterval)}"
                : standing;
        }

        return recognised is null ? answer.Message ?? ""
            : written!.Inputs == FieldsDigest.Of(config.Fields) ? recognised
            : $"{recognised}; {answer.Message}";
    }
}
