namespace DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

/// <summary>How many calls a second the server accepts.</summary>
internal enum RequestQuotas
{
    /// <summary>Unlimited.</summary>
    None,

    /// <summary>
    /// AWS's published figures, for each account and Region: DescribeSecret 40,000 a second, GetSecretValue 10,000, ListSecrets and
    /// BatchGetSecretValue 100 each, and 50 each of CreateSecret; DeleteSecret; RestoreSecret; GetRandomPassword; ListSecretVersionIds;
    /// changing values, labels and replicas; resource policies; rotation; tags. One second's calls may come at once. Further ones are answered
    /// ThrottlingException, HTTP 400, and not executed.
    /// </summary>
    Aws,
}
