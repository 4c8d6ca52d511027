namespace DeploymentOrchestrator.SecretsManager;

/// <summary>What DescribeSecret returns; it never includes the value.</summary>
/// <param name="Arn">Full ARN with AWS's six-character suffix: unique over deletion and re-creation under one name.</param>
/// <param name="Name">The secret's name.</param>
/// <param name="Description">Null if there is none.</param>
/// <param name="KmsKeyId">Null if the secret uses AWS's own key <c>aws/secretsmanager</c>.</param>
/// <param name="DeletedDate">
/// Present while the secret is scheduled for deletion, or was force-deleted seconds ago. AWS's documentation differs on its meaning: the day of the
/// request or that of the deletion. Rely on its presence only.
/// </param>
/// <param name="RotationEnabled">Whether AWS rotates the secret by a Lambda function.</param>
/// <param name="Tags">Empty if there are none.</param>
/// <param name="VersionIdsToStages">
/// Staging labels by version id, such as AWSCURRENT. Versions without a label are not listed. Empty if the secret has no value yet.
/// </param>
/// <param name="LastChangedDate">When the secret was last changed in any way, by AWS's clock.</param>
/// <param name="CreatedDate">When it was created, by AWS's clock.</param>
/// <param name="Date">AWS's clock as the answer's Date header gives it, in whole seconds.</param>
internal sealed record SecretDescription(
    string Arn,
    string Name,
    string? Description,
    string? KmsKeyId,
    DateTimeOffset? DeletedDate,
    bool RotationEnabled,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, IReadOnlyList<string>> VersionIdsToStages,
    DateTimeOffset? LastChangedDate,
    DateTimeOffset? CreatedDate,
    DateTimeOffset? Date)
{
    /// <summary>The staging label of the value that readers get.</summary>
    public const string Current = "AWSCURRENT";

    /// <summary>The staging label of the value before it.</summary>
    public const string Previous = "AWSPREVIOUS";

    /// <summary>The version with a staging label; null if there is none.</summary>
    public string? VersionIdOf(string stage) =>
        VersionIdsToStages.Where(v => v.Value.Contains(stage, StringComparer.Ordinal)).Select(v => v.Key).FirstOrDefault();

    /// <summary>The regions that the secret is replicated to. While there is one, AWS does not delete the secret.</summary>
    public IReadOnlyList<string> ReplicaRegions { get; init; } = [];
}
