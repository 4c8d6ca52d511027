using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>Everything of a secret but its value; also of one that is scheduled for deletion.</summary>
internal static class DescribeSecret
{
    public static Output Invoke(Call call, Input input)
    {
        var secret = call.Read(Call.SecretId(input));
        return SecretMetadata.Of(call, secret, "VersionIdsToStages")
            .With("ReplicationStatus", Replication.Status(secret));
    }
}
