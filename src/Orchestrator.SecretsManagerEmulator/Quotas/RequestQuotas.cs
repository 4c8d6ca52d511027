namespace DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

/// <summary>How many calls a second the server takes.</summary>
internal enum RequestQuotas
{
    /// <summary>As many as come.</summary>
    None,

    /// <summary>
    /// AWS's published figures, for each account and Region: DescribeSecret 40,000 a second, GetSecretValue 10,000, ListSecrets and
    /// BatchGetSecretValue 100 each, and 50 each of CreateSecret; DeleteSecret; RestoreSecret; GetRandomPassword; ListSecretVersionIds;
    /// changing values, labels and replicas; resource policies; rotation; tags. One second's worth may come at once. What is over it
    /// is answered ThrottlingException, HTTP 400, and not carried out.
    /// </summary>
    Aws,
}
