using DeploymentOrchestrator.SecretsManagerEmulator.Model;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>The key behind a KmsKeyId, as far as a policy is concerned.</summary>
internal static class KmsKey
{
    private const string Default = "alias/aws/secretsmanager";
    private const string Alias = "alias/";

    /// <summary>
    /// The key's ARN; null for the account's default key. A policy names keys and never aliases; there is no KMS here that could resolve an alias, so
    /// <c>alias/name</c> counts as <c>key/name</c>.
    /// </summary>
    public static string? ArnOf(string? kmsKeyId, Caller caller)
    {
        if (kmsKeyId is null or Default || kmsKeyId.EndsWith($":{Default}", StringComparison.Ordinal))
            return null;
        if (kmsKeyId.StartsWith("arn:", StringComparison.Ordinal))
            return kmsKeyId.Replace($":{Alias}", ":key/", StringComparison.Ordinal);
        var key = kmsKeyId.StartsWith(Alias, StringComparison.Ordinal) ? kmsKeyId[Alias.Length..] : kmsKeyId;
        return $"arn:{SecretArn.PartitionOf(caller.Region)}:kms:{caller.Region}:{caller.Account}:key/{key}";
    }
}
