namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The input of UpdateSecret. A null value is not sent and leaves the setting unchanged. Limits are AWS's and checked there.</summary>
/// <param name="SecretId">Name or ARN.</param>
/// <param name="ClientRequestToken">
/// 32 to 64 characters. AWS demands one even if no value is sent (without it: InvalidRequestException); it becomes a version id
/// only with a value. For a repeated token see <see cref="CreateSecretInput.ClientRequestToken"/>.
/// </param>
/// <param name="Value">A new value, which becomes AWSCURRENT; null keeps value and versions.</param>
/// <param name="KmsKeyId">Another key; <c>""</c> for AWS's own key.</param>
/// <param name="Description">Another description; <c>""</c> removes it.</param>
internal sealed record UpdateSecretInput(
    string SecretId,
    string ClientRequestToken,
    SecretText? Value = null,
    string? KmsKeyId = null,
    string? Description = null);
