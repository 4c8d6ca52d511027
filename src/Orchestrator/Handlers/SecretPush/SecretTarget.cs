using System.Text.Json.Serialization;

namespace DeploymentOrchestrator.Handlers.SecretPush;

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

/// <summary>A value write that was begun.</summary>
/// <param name="Token">Its token.</param>
/// <param name="RefusedAt">When AWS first said that the token or the name is taken, without showing why; null where it did not.</param>
/// <param name="NotWritten">AWS refused every try for certain. Tries after the first such are not stored before they are made.</param>
/// <param name="Refusal">What AWS said then, where it is no sign of a write of ours.</param>
internal sealed record PendingWrite(string Token, DateTimeOffset? RefusedAt = null, bool NotWritten = false, string? Refusal = null);

/// <summary>What became of the value of a secret that was restored.</summary>
/// <param name="How">Whether it was kept.</param>
/// <param name="VersionId">The version that it had then, or was to get: once there is another, all this is history.</param>
internal sealed record TakenBack(Recreate How, string VersionId);

/// <summary>What was last sent beside the value.</summary>
/// <param name="KmsKeyId">The key; null where the spec names none.</param>
/// <param name="Description">The description; null where the spec names none.</param>
/// <param name="Tags">The spec's tags.</param>
internal sealed record SentMetadata(string? KmsKeyId, string? Description, IReadOnlyDictionary<string, string>? Tags);
