using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// What secret-push knows of its secret between two calls, kept in <c>status.applied</c>: what it did last, what it is doing, and where it may have made
/// secrets. Immutable: <see cref="SecretPushHandler"/> has the current one, and <see cref="SecretExecutor"/> while it executes an action.
/// </summary>
internal sealed partial record SecretState
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

    // The policies last honoured: they count while the config is invalid.
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
    /// <summary>The last restore of the secret, and whether its value was kept.</summary>
    [JsonPropertyName("takenBack")]
    public LastRestore? LastRestore { get; init; }
    /// <summary>The ARN of a secret of ours that AWS showed before a target had it: a later secret of the same name has another.</summary>
    public string? RecognizedArn { get; init; }
    /// <summary>Key, description and tags as last sent.</summary>
    public SentMetadata? Sent { get; init; }
    /// <summary>IAM actions that were denied in the last run that ended well.</summary>
    public IReadOnlyList<string>? Denied { get; init; }
    /// <summary>
    /// The secrets that we created or took over, or began to: one is entered before the first call, and removed once it is released. The rest of the state is
    /// about the last of them.
    /// </summary>
    public IReadOnlyList<SecretTarget> Targets { get => field ?? []; init; }

    /// <summary>The secret that the config names in this run. It is entered among <see cref="Targets"/> before the first side effect.</summary>
    [JsonIgnore]
    public SecretTarget Wanted { get => field ?? throw new InvalidOperationException("AtStart has not been called"); init; }
    /// <summary>Its entry among <see cref="Targets"/>; null if it has none yet.</summary>
    [JsonIgnore]
    public SecretTarget? Recorded => Targets.FirstOrDefault(t => t.IsSameSecret(Wanted));
    /// <summary>IAM actions that were denied in this run.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> DeniedNow { get => field ?? []; init; }

    /// <summary>Whether the last restore kept the current value; null if the secret was not restored, or has had another value since.</summary>
    public Recreate? HowRestored(string? currentVersionId) =>
        LastRestore is { } last && (last.VersionId == VersionId || last.VersionId == currentVersionId) ? last.How : null;

    /// <summary>The state in a status; an empty one if there is none, or none that can be read.</summary>
    public static SecretState Read(JsonObject applied)
    {
        try
        {
            var state = applied.Deserialize(SecretStateJson.Default.SecretState) ?? new();
            // A status can be edited: the ARN of a secret that the target does not name would give access to that secret.
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
}

/// <summary>A value write that was begun.</summary>
/// <param name="Token">Its token.</param>
/// <param name="RefusedAt">When AWS first reported the token or the name as in use without showing by what; null if never.</param>
/// <param name="NotWritten">Whether AWS certainly refused every attempt. After the first such refusal, attempts are not saved in advance.</param>
/// <param name="Refusal">The text of a refusal that is no sign of a write of ours.</param>
/// <param name="IsTaken">Whether AWS said that the secret already has a version with this id.</param>
internal sealed record PendingWrite(
    string Token, DateTimeOffset? RefusedAt = null, bool NotWritten = false, string? Refusal = null, bool IsTaken = false);

/// <summary>A restore of the secret.</summary>
/// <param name="How">Whether the value was kept.</param>
/// <param name="VersionId">The version that it kept, or was to get. A restore with another version than the current one is history.</param>
internal sealed record LastRestore(Recreate How, string VersionId);

/// <summary>JSON of the state: camelCase, nulls left out, enums as words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(TimestampConverter)])]
[JsonSerializable(typeof(SecretState))]
internal sealed partial class SecretStateJson : JsonSerializerContext;
