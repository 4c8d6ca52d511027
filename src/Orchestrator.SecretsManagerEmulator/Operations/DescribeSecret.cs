using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>All metadata of a secret, even if it is scheduled for deletion.</summary>
internal static class DescribeSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.Read(Call.SecretId(input));
        return SecretMetadata.Of(call, secret, "VersionIdsToStages")
            .With("ReplicationStatus", Replication.Status(secret));
    }
}
