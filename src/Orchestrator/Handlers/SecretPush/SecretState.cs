using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// What secret-push knows of its secret between two calls, kept in <c>status.applied</c>: what it did last, what it is doing, and where a secret of ours
/// may be. Immutable: <see cref="SecretPushHandler"/> has the current one, and <see cref="SecretExecutor"/> while it carries an action out.
/// </summary>
internal sealed record SecretState
{
    /// <summary>The right to restore a secret: the only one whose denial outlives a run, since nothing tries it again while the secret exists.</summary>
    public const string RestoreSecret = "secretsmanager:RestoreSecret";

    /// <summary>Digest of the fields as last written.</summary>
    public string? Inputs { get; init; }
    /// <summary>The version id of the last value write that is known to have happened.</summary>
    public string? VersionId { get; init; }
    /// <summary>How many fields that version has.</summary>
    public int? FieldCount { get; init; }
    /// <summary>When that write was done, by AWS's clock.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    // The policies last in force: they count where the config is no longer valid.
    public UpdatePolicy? UpdatePolicy { get; init; }
    public DeletionPolicy? DeletionPolicy { get; init; }
    public int? RecoveryWindowInDays { get; init; }

    /// <summary>The value of the requested-at annotation last honoured.</summary>
    public string? RequestedAt { get; init; }
    /// <summary>The slot, by AWS's clock, from which the next is counted.</summary>
    public DateTimeOffset? Slot { get; init; }
    /// <summary>See <see cref="WriteBudget"/>.</summary>
    public DateTimeOffset? Budget { get; init; }
    /// <summary>A value write that was begun: it is finished under its token before anything else.</summary>
    public PendingWrite? Pending { get; init; }
    /// <summary>What became of the value when the secret was last restored.</summary>
    public TakenBack? TakenBack { get; init; }
    /// <summary>
    /// The secret of ours that AWS showed, while nothing was done with it and no target has its ARN. Another one that bears the name later is told from
    /// it by this.
    /// </summary>
    public string? RecognizedArn { get; init; }
    /// <summary>Key, description and tags as last sent.</summary>
    public SentMetadata? Sent { get; init; }
    /// <summary>IAM actions that were denied in the last run that ended well.</summary>
    public IReadOnlyList<string>? Denied { get; init; }
    /// <summary>Where a secret of ours is or may be: entered before its create, left after its delete. The rest of the state is about the last one.</summary>
    public IReadOnlyList<SecretTarget> Targets { get => field ?? []; init; }

    /// <summary>This run's secret, for status and log: AWS gets the config's name. It enters <see cref="Targets"/> before the first side effect.</summary>
    [JsonIgnore]
    public SecretTarget Target { get => field ?? throw new InvalidOperationException("AtStart has not been called"); init; }
    /// <summary>IAM actions that were denied in this run.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> DeniedNow { get => field ?? []; init; }

    /// <summary>The state in a status; an empty one where there is none or it cannot be read.</summary>
    public static SecretState Read(JsonObject applied)
    {
        try
        {
            var state = applied.Deserialize(SecretStateJson.Default.SecretState) ?? new();
            // An ARN that is of another secret than the target names would lead there.
            return state with
            {
                Targets = [.. state.Targets.Where(t => t is { Name.Length: > 0, Region.Length: > 0 }).Select(t => t.HasOwnArn ? t : t with { Arn = null })],
            };
        }
        catch (JsonException)
        {
            // Edited by hand: the version id in AWS is enough to go on.
            return new();
        }
    }

    /// <summary>The state as a status holds it.</summary>
    public JsonObject ToJson() => ApiJson.ToJson(this, SecretStateJson.Default.SecretState);

    /// <summary>The state at the start of a run.</summary>
    public SecretState AtStart(SecretPushConfig config, string region)
    {
        var target = SecretTarget.Of(config, region);
        return this with
        {
            Target = Targets.FirstOrDefault(t => t.IsSameSecret(target)) is { } known ? known with { ExternalId = config.ExternalId } : target,
            DeniedNow = Denied?.Contains(RestoreSecret) == true ? [RestoreSecret] : [],
        };
    }

    /// <summary>
    /// The state once it is known which secret has the name. One that we know by another role is the same secret, and what we know of it holds; where
    /// the spec names another secret than before, what we know of the value is not about this one.
    /// </summary>
    public SecretState AboutSecret(string? arn)
    {
        var isAnother = Targets is [.., var latest] && !latest.IsSameSecret(Target);
        if (Target.Arn is not null || Targets.FirstOrDefault(t => t.Arn == arn && arn is not null) is not { } known || known.RoleArn == Target.RoleArn)
            return isAnother ? ForAnotherSecret() : this;
        var target = known with { RoleArn = Target.RoleArn, ExternalId = Target.ExternalId };
        var state = isAnother && Targets[^1].Arn != arn ? ForAnotherSecret() : this;
        return state with { Target = target, Targets = [.. Targets.Where(t => t.Arn != arn && !t.IsSameSecret(target)), target] };
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

    /// <summary>
    /// The state by what AWS answered; and the event of a write that was begun and is done, as it turns out, although its answer was lost: AWS shows the
    /// version, or has it and does not show it for a while, under foreign values, of which two were written since.
    /// </summary>
    public (SecretState State, HandlerEvent? Finished) Shown(SecretObservation seen)
    {
        var state = AboutSecret(seen.Secret?.Arn).NotAheadOf(seen.Now);
        if (seen.Secret is not { } secret || VersionToken.Parse(state.Pending?.Token) is not { } token)
            return (state, null);
        var isShown = secret.VersionIdsToStages.ContainsKey(state.Pending!.Token);
        var isHidden = state.Pending is { IsTaken: true, RefusedAt: { } refused } && seen.Now - refused >= SecretDecision.Consistency
            && !state.IsOfAnother(secret.Arn) && !seen.Self.IsOf(VersionToken.Parse(secret.VersionIdOf(SecretDescription.Current)));
        if (!isShown && !isHidden)
            return (state, null);
        return (state.AfterWrite(token, secret.Arn, isShown ? secret.LastChangedDate ?? seen.Now : token.OccasionTime, seen.Config),
            state.Target.Arn is null ? new("SecretCreated", $"created {seen.Config.SecretName}")
                : new("SecretUpdated", $"wrote a new value to {seen.Config.SecretName}"));
    }

    /// <summary>The same, and of a secret of ours also what AWS shows of it and the state does not know.</summary>
    public (SecretState State, HandlerEvent? Finished) Learn(SecretObservation seen)
    {
        var (state, finished) = Shown(seen);
        return (seen.Ownership.Kind == OwnershipKind.Ours ? state.ReplacedBy(seen.Secret!.Arn).Recognize(seen.Secret, seen.Self, seen.Now) : state, finished);
    }

    /// <summary>
    /// The state of a secret of ours once AWS shows a value that the state does not know: the status was lost, restored from a backup, or is of a Component
    /// that inherited the secret. It is noted, since AWS shows no version any more once another client has written twice.
    /// </summary>
    public SecretState Recognize(SecretDescription secret, SecretOwner self, DateTimeOffset now)
    {
        // The current value, or the one that another client overwrote. Any client may stage a version that never was the value: it counts only where
        // nothing else does, as what another cluster wrote says something of an adopted value alone.
        var last = Of(SecretDescription.Current) ?? Of(SecretDescription.Previous) ?? (Inputs is not null ? null
            : VersionToken.Staged(secret, now).Where(t => self.IsOfSameCluster(t.Owner)).MaxBy(t => t.Occasion)
                ?? VersionToken.Parse(secret.VersionIdOf(SecretDescription.Current), now));
        var known = this with { RecognizedArn = Target.Arn is null ? secret.Arn : null };
        if (last is null || (Inputs is not null && last.Occasion <= VersionToken.Parse(VersionId)?.Occasion))
            return known;
        var at = last.OccasionTime;
        // A later write of ours was begun only once this one had ended.
        var isOver = VersionToken.Parse(Pending?.Token) is { } begun && self.IsOf(last) && begun.Occasion < last.Occasion;
        var state = known with { Inputs = last.Inputs, Slot = Slot > at ? Slot : at, Pending = isOver ? null : Pending };
        return self.IsOf(last) ? state with { VersionId = last.ToString(), FieldCount = null, WrittenAt = at } : state;

        VersionToken? Of(string stage) =>
            VersionToken.Parse(secret.VersionIdOf(stage), now) is { } token && self.IsOfSameCluster(token.Owner) ? token : null;
    }

    /// <summary>The state before a write: where the secret will be and under which token, so that a crash orphans and repeats nothing.</summary>
    public SecretState BeforeWrite(SecretAction.WriteValue write, SecretPushConfig config, string? requestedAt, DateTimeOffset now)
    {
        var token = write.Token.ToString();
        var isNew = Pending?.Token != token;
        var target = Target with { WriteBegunAt = now };
        return (InForce(config, requestedAt) with { Target = target }).With(target) with
        {
            Pending = isNew ? new(token) : Pending! with { NotWritten = false },
            Slot = write.Slot,
            Budget = isNew ? WriteBudget.AfterWrite(Budget, now) : Budget,
        };
    }

    /// <summary>The state after a value write that is known to have happened.</summary>
    public SecretState AfterWrite(VersionToken token, string arn, DateTimeOffset at, SecretPushConfig config)
    {
        var target = Target with { Arn = arn };
        return With(target) with
        {
            Target = target,
            Pending = null,
            Inputs = token.Inputs,
            VersionId = token.ToString(),
            FieldCount = token.Inputs == FieldsDigest.Of(config.Fields) ? config.Fields.Count : null,
            WrittenAt = at,
        };
    }

    /// <summary>The state where this secret is ours from now on.</summary>
    public SecretState Holding(string arn)
    {
        // Ours of this name is gone, and somebody created another: what we know of the value is not about this one.
        var state = IsOfAnother(arn) ? ForAnotherSecret() : this;
        var target = Target with { Arn = arn };
        return state.With(target) with { Target = target };
    }

    /// <summary>
    /// The state once AWS shows another secret of this name as ours, in the same account: the answer of a takeover was lost, and what we know of the value is
    /// of a secret that is gone.
    /// </summary>
    public SecretState ReplacedBy(string arn) => !IsOfAnother(arn) ? this
        : Target.Arn is not { } known ? ForAnotherSecret() with { Pending = Pending }
        : AwsForms.AccountOf(known) == AwsForms.AccountOf(arn) ? Holding(arn) : this;

    /// <summary>The state at the end of a run. What makes a value due is honoured by writing it, and not before.</summary>
    public SecretState AtEnd(SecretAction final, SecretObservation seen)
    {
        var state = InForce(seen.Config, seen.RequestedAt);
        return final switch
        {
            SecretAction.Keep { IsPostponed: true } => state with { UpdatePolicy = UpdatePolicy, RequestedAt = RequestedAt },
            SecretAction.Keep or SecretAction.WriteValue => state with { Pending = null },
            _ => this,
        };
    }

    /// <summary>Whether what is known of the value at a target is of another secret than this one.</summary>
    public bool IsOfAnother(SecretTarget target, string arn) => (target.Arn ?? RecognizedArn) is { } known && known != arn;

    /// <summary>The state with the policies and the request that are in force now.</summary>
    public SecretState InForce(SecretPushConfig config, string? requestedAt) => this with
    {
        UpdatePolicy = config.UpdatePolicy,
        DeletionPolicy = config.DeletionPolicy,
        RecoveryWindowInDays = config.RecoveryWindowInDays,
        RequestedAt = requestedAt,
        Denied = DeniedNow.Count > 0 ? DeniedNow : null,
    };

    /// <summary>The state where a right is missing, or is no longer.</summary>
    public SecretState WithDenied(string action, bool isDenied)
    {
        var others = DeniedNow.Where(a => a != action);
        return this with { DeniedNow = [.. (isDenied ? others.Append(action) : others).Order(StringComparer.Ordinal)] };
    }

    /// <summary>The state with what was sent beside the value. Tags that were left out for want of a right are sent once it is granted.</summary>
    public SecretState WithSent(SecretPushConfig config, bool tagsToo) =>
        this with { Sent = new(config.KmsKeyId, config.Description, tagsToo ? config.Tags : Sent?.Tags) };

    /// <summary>The state with this target in it once, in place of an earlier entry for the same secret.</summary>
    public SecretState With(SecretTarget target) => this with
    {
        Targets = [.. Targets.Where(t => !t.IsSameSecret(target)), target],
        RecognizedArn = target.Arn is null ? RecognizedArn : null,
    };

    /// <summary>The state without this target.</summary>
    public SecretState Without(SecretTarget target) => this with { Targets = [.. Targets.Where(t => !t.IsSameSecret(target))] };

    private bool IsOfAnother(string arn) => IsOfAnother(Target, arn);

    private SecretState ForAnotherSecret() =>
        this with { Inputs = null, VersionId = null, FieldCount = null, WrittenAt = null, Slot = null, Pending = null, Sent = null, RecognizedArn = null };
}

/// <summary>A value write that was begun.</summary>
/// <param name="Token">Its token.</param>
/// <param name="RefusedAt">When AWS first said that the token or the name is taken, without showing why; null where it did not.</param>
/// <param name="NotWritten">AWS refused every try for certain. Tries after the first such are not stored before they are made.</param>
/// <param name="Refusal">What AWS said then, where it is no sign of a write of ours.</param>
/// <param name="IsTaken">AWS said that the secret has a version of this id.</param>
internal sealed record PendingWrite(
    string Token, DateTimeOffset? RefusedAt = null, bool NotWritten = false, string? Refusal = null, bool IsTaken = false);

/// <summary>What became of the value of a secret that was restored.</summary>
/// <param name="How">Whether it was kept.</param>
/// <param name="VersionId">The version that it had then, or was to get: once there is another, all this is history.</param>
internal sealed record TakenBack(Recreate How, string VersionId);

/// <summary>JSON of the state: camelCase, nulls left out, enums as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(SecretState))]
internal sealed partial class SecretStateJson : JsonSerializerContext;
