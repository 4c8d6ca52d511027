using DeploymentOrchestrator.Handlers.SecretPush.Configuration;

namespace DeploymentOrchestrator.Handlers.SecretPush;

// What an action changes.
internal sealed partial record SecretState
{
    /// <summary>The state before a write: where the secret will be and under which token, so that a crash orphans and repeats nothing.</summary>
    public SecretState BeforeWrite(SecretAction.WriteValue write, SecretPushConfig config, string? requestedAt, DateTimeOffset now)
    {
        var token = write.Token.ToString();
        var isNew = Pending?.Token != token;
        return Honoring(config, requestedAt).With(Wanted with { WriteBegunAt = now }) with
        {
            Pending = isNew ? new(token) : Pending! with { NotWritten = false },
            Slot = write.Slot,
            Budget = isNew ? WriteBudget.AfterWrite(Budget, now) : Budget,
        };
    }

    /// <summary>The state after a value write that is known to have happened.</summary>
    public SecretState AfterWrite(VersionToken token, string arn, DateTimeOffset at, SecretPushConfig config) => With(Wanted with { Arn = arn }) with
    {
        Pending = null,
        Inputs = token.Inputs,
        VersionId = token.ToString(),
        FieldCount = token.Inputs == FieldsDigest.Of(config.Fields) ? config.Fields.Count : null,
        WrittenAt = at,
    };

    /// <summary>The state where the wanted secret is ours from now on. If it replaced ours of this name, what we know of the value is not about it.</summary>
    public SecretState TakenOver(string arn) => (IsReplaced(Wanted, arn) ? WithoutValue() : this).With(Wanted with { Arn = arn });

    /// <summary>The state at the end of a run. A reason to write a value is honoured by the write, and not before.</summary>
    public SecretState AtEnd(SecretAction final, SecretObservation seen)
    {
        var state = Honoring(seen.Config, seen.RequestedAt);
        return final switch
        {
            SecretAction.Keep { IsPostponed: true } => state with { UpdatePolicy = UpdatePolicy, RequestedAt = RequestedAt },
            SecretAction.Keep or SecretAction.WriteValue => state with { Pending = null },
            _ => this,
        };
    }

    /// <summary>The state that has honoured a config's policies and a request for a new value.</summary>
    public SecretState Honoring(SecretPushConfig config, string? requestedAt) => this with
    {
        UpdatePolicy = config.UpdatePolicy,
        DeletionPolicy = config.DeletionPolicy,
        RecoveryWindowInDays = config.RecoveryWindowInDays,
        RequestedAt = requestedAt,
        Denied = DeniedNow.Count > 0 ? DeniedNow : null,
    };

    /// <summary>The state where an IAM action is denied in this run, or no longer is.</summary>
    public SecretState WithDenied(string action, bool isDenied)
    {
        var others = DeniedNow.Where(a => a != action);
        return this with { DeniedNow = [.. (isDenied ? others.Append(action) : others).Order(StringComparer.Ordinal)] };
    }

    /// <summary>The state with what was sent beside the value. Tags that were omitted for a missing permission are sent once it is granted.</summary>
    public SecretState WithSent(SecretPushConfig config, bool tagsToo) =>
        this with { Sent = new(config.KmsKeyId, config.Description, tagsToo ? config.Tags : Sent?.Tags) };

    /// <summary>The state with the wanted secret entered among the targets, in place of an earlier entry for it.</summary>
    public SecretState With(SecretTarget wanted) => this with
    {
        Wanted = wanted,
        Targets = [.. Without(wanted).Targets, wanted],
        RecognizedArn = wanted.Arn is null ? RecognizedArn : null,
    };

    /// <summary>The state without this target.</summary>
    public SecretState Without(SecretTarget target) => this with { Targets = [.. Targets.Where(t => !t.IsSameSecret(target))] };
}
