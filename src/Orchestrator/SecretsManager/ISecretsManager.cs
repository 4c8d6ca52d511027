namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// AWS Secrets Manager as secret-push uses it: <see cref="SecretsManagerClient"/>, or what only looks and notes what it would do. Every call throws
/// <see cref="SecretsManagerException"/> where it is refused.
/// </summary>
public interface ISecretsManager
{
    /// <inheritdoc cref="SecretsManagerClient.Region"/>
    string Region { get; }

    /// <inheritdoc cref="SecretsManagerClient.Clock"/>
    AwsClock Clock { get; }

    /// <inheritdoc cref="SecretsManagerClient.DescribeSecret"/>
    Task<SecretDescription?> DescribeSecret(string secretId, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.GetRandomPassword"/>
    Task<SecretText> GetRandomPassword(PasswordOptions password, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.CreateSecret"/>
    Task<WrittenSecret> CreateSecret(CreateSecretInput input, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.UpdateSecret"/>
    Task<WrittenSecret> UpdateSecret(UpdateSecretInput input, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.DeleteSecret"/>
    Task<DeletedSecret> DeleteSecret(string secretId, int recoveryWindowInDays, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.RestoreSecret"/>
    Task<RestoredSecret> RestoreSecret(string secretId, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.TagResource"/>
    Task<DateTimeOffset?> TagResource(string secretId, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.UntagResource"/>
    Task<DateTimeOffset?> UntagResource(string secretId, IReadOnlyList<string> tagKeys, CancellationToken cancellation);

    /// <inheritdoc cref="SecretsManagerClient.GetCallerAccount"/>
    Task<string> GetCallerAccount(CancellationToken cancellation);
}

/// <summary>The ways to Secrets Manager: one for each region, role and external id.</summary>
public interface ISecretsManagers
{
    /// <inheritdoc cref="SecretsManagerClients.Age"/>
    TimeSpan Age { get; }

    /// <inheritdoc cref="SecretsManagerClients.DefaultRegion"/>
    string? DefaultRegion { get; }

    /// <inheritdoc cref="SecretsManagerClients.For"/>
    ISecretsManager For(string? region, string? roleArn, string? externalId);
}
