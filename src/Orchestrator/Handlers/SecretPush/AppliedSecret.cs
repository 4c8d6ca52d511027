using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The handler's memory in Kubernetes, <c>status.applied</c>: what was done last, what is being done, and where something of ours may lie.</summary>
internal sealed record AppliedSecret
{
    /// <summary>Digest of the fields as last written.</summary>
    public string? Inputs { get; init; }

    /// <summary>The version id of the last value write that is known to have happened.</summary>
    public string? VersionId { get; init; }

    /// <summary>How many fields that version has.</summary>
    public int? FieldCount { get; init; }

    /// <summary>When that write was done, by AWS's clock.</summary>
    public DateTimeOffset? WrittenAt { get; init; }

    /// <summary>The update policy last in force.</summary>
    public UpdatePolicy? UpdatePolicy { get; init; }

    /// <summary>The deletion policy last in force: it counts where the config is no longer valid.</summary>
    public DeletionPolicy? DeletionPolicy { get; init; }

    /// <summary>The recovery window last in force, in days.</summary>
    public int? RecoveryWindowInDays { get; init; }

    /// <summary>The value of the requested-at annotation last honoured.</summary>
    public string? RequestedAt { get; init; }

    /// <summary>The slot, by AWS's clock, from which the next is counted.</summary>
    public DateTimeOffset? Slot { get; init; }

    /// <summary>The write budget: the earliest time at which a bucket that was never drawn from would stand as this one does.</summary>
    public DateTimeOffset? Budget { get; init; }

    /// <summary>A value write that was begun: it is finished under its token before anything else.</summary>
    public PendingWrite? Pending { get; init; }

    /// <summary>What became of the value when the secret was last taken back from deletion.</summary>
    public TakenBack? TakenBack { get; init; }

    /// <summary>Key, description and tags as last sent.</summary>
    public SentMetadata? Sent { get; init; }

    /// <summary>IAM actions that were denied and done without.</summary>
    public IReadOnlyList<string>? Denied { get; init; }

    /// <summary>Where a secret of ours is or may be: entered before its create, left after its delete.</summary>
    public IReadOnlyList<SecretTarget> Targets { get => field ?? []; init; }

    /// <summary>The memory in a status; an empty one where there is none or it cannot be read.</summary>
    public static AppliedSecret Read(JsonObject applied)
    {
        try
        {
            return applied.Deserialize(AppliedSecretJson.Default.AppliedSecret) ?? new();
        }
        catch (JsonException)
        {
            // Edited by hand: AWS's own memory, the version id, is enough to go on.
            return new();
        }
    }

    /// <summary>The memory as a status holds it.</summary>
    public JsonObject ToJson() => ApiJson.ToJson(this, AppliedSecretJson.Default.AppliedSecret);

    /// <summary>The memory with this target in it once, in place of an earlier entry for the same secret.</summary>
    public AppliedSecret With(SecretTarget target) => this with { Targets = [.. Targets.Where(t => !t.IsSameSecret(target)), target] };

    /// <summary>The memory of the value alone forgotten: it is of another secret than the one that is now looked at.</summary>
    public AppliedSecret ForAnotherSecret() =>
        this with { Inputs = null, VersionId = null, FieldCount = null, WrittenAt = null, Slot = null, Pending = null, Sent = null };

    /// <summary>The memory where times over 5 minutes ahead of AWS's clock count as now, and versions that are as never written: whatever wrote them had a wrong clock.</summary>
    public AppliedSecret NotAheadOf(DateTimeOffset now)
    {
        var isAhead = IsAhead(VersionId);
        return this with
        {
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

    /// <summary>The memory without this target.</summary>
    public AppliedSecret Without(SecretTarget target) => this with { Targets = [.. Targets.Where(t => !t.IsSameSecret(target))] };
}

/// <summary>A value write that was begun.</summary>
/// <param name="Token">Its token.</param>
/// <param name="RefusedAt">When AWS first said that the token or the name is taken, without showing why; null where it did not.</param>
/// <param name="NotWritten">AWS refused every try for certain. Tries after the first such are not noted before they are made.</param>
/// <param name="Refusal">What AWS said then, where it is no sign of a write of ours.</param>
internal sealed record PendingWrite(string Token, DateTimeOffset? RefusedAt = null, bool NotWritten = false, string? Refusal = null);

/// <summary>What became of the value of a secret that was taken back from deletion.</summary>
/// <param name="How">Whether it was kept.</param>
/// <param name="VersionId">The version that it had then, or was to get: once there is another, all this is history.</param>
internal sealed record TakenBack(Recreate How, string VersionId);

/// <summary>What was last sent beside the value.</summary>
/// <param name="KmsKeyId">The key; null where the spec names none.</param>
/// <param name="Description">The description; null where the spec names none.</param>
/// <param name="Tags">The spec's tags.</param>
internal sealed record SentMetadata(string? KmsKeyId, string? Description, IReadOnlyDictionary<string, string>? Tags);

/// <summary>A secret in some account and region.</summary>
/// <param name="Name">The secret's name.</param>
/// <param name="Region">Its region.</param>
/// <param name="Arn">Its full ARN, which names the account; null before AWS gave one.</param>
/// <param name="RoleArn">The role by which it is reached.</param>
/// <param name="ExternalId">That role's external id.</param>
/// <param name="WriteBegunAt">When a value write there was last begun, by AWS's clock: for a while after it, not to be seen is not to be gone.</param>
internal sealed record SecretTarget(
    string Name, string Region, string? Arn = null, string? RoleArn = null, string? ExternalId = null, DateTimeOffset? WriteBegunAt = null)
{
    /// <summary>The account in the ARN: <c>arn:aws:secretsmanager:region:ACCOUNT:secret:name-suffix</c>.</summary>
    [JsonIgnore]
    public string? Account => AccountOf(Arn);

    /// <summary>The account in an ARN of any service; null where it has none.</summary>
    public static string? AccountOf(string? arn) => arn?.Split(':') is [_, _, _, _, { Length: > 0 } account, ..] ? account : null;

    /// <summary>Whether both are one secret: by name, region and the way there, or by its ARN, to which another role may be another way.</summary>
    public bool IsSameSecret(SecretTarget other) =>
        Name == other.Name && Region == other.Region && (RoleArn == other.RoleArn || (Arn is not null && Arn == other.Arn));
}

/// <summary>JSON of the memory: camelCase, nulls left out, enums as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(AppliedSecret))]
internal sealed partial class AppliedSecretJson : JsonSerializerContext;
