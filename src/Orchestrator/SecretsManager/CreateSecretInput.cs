namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The input of CreateSecret. Limits are AWS's (API model 2017-10-17) and checked there.</summary>
/// <param name="Name">1 to 512 characters of <c>A-Z a-z 0-9 / _ + = . @ -</c>.</param>
/// <param name="ClientRequestToken">
/// 32 to 64 characters; it becomes the version id. The same token with the same value is a success that changes nothing,
/// with another value it is <see cref="AwsErrorKind.AlreadyExists"/>.
/// </param>
/// <param name="Value">The secret's text, up to 65,536 bytes. The caller disposes it.</param>
/// <param name="KmsKeyId">ARN, id or alias of a symmetric KMS key; null for AWS's own key.</param>
/// <param name="Description">Up to 2,048 characters; null for none.</param>
/// <param name="Tags">Up to 50; null sends none, and then <c>secretsmanager:TagResource</c> is not needed.</param>
internal sealed record CreateSecretInput(
    string Name,
    string ClientRequestToken,
    SecretText Value,
    string? KmsKeyId = null,
    string? Description = null,
    IReadOnlyDictionary<string, string>? Tags = null);
