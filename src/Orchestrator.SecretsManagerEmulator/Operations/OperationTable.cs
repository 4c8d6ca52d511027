using System.Collections.Frozen;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>One operation: returns its answer, or throws an <see cref="ApiException"/> and changes nothing.</summary>
internal delegate Output Operation(Call call, Input input);

/// <summary>The operations by their names in <c>X-Amz-Target</c> after <c>secretsmanager.</c></summary>
internal static class OperationTable
{
    private static readonly FrozenDictionary<string, Operation> Operations = new Dictionary<string, Operation>
    {
        ["BatchGetSecretValue"] = BatchGetSecretValue.Invoke,
        ["CancelRotateSecret"] = CancelRotateSecret.Invoke,
        ["CreateSecret"] = CreateSecret.Invoke,
        ["DeleteResourcePolicy"] = DeleteResourcePolicy.Invoke,
        ["DeleteSecret"] = DeleteSecret.Invoke,
        ["DescribeSecret"] = DescribeSecret.Invoke,
        ["GetRandomPassword"] = GetRandomPassword.Invoke,
        ["GetResourcePolicy"] = GetResourcePolicy.Invoke,
        ["GetSecretValue"] = GetSecretValue.Invoke,
        ["ListSecretVersionIds"] = ListSecretVersionIds.Invoke,
        ["ListSecrets"] = ListSecrets.Invoke,
        ["PutResourcePolicy"] = PutResourcePolicy.Invoke,
        ["PutSecretValue"] = PutSecretValue.Invoke,
        ["RemoveRegionsFromReplication"] = RemoveRegionsFromReplication.Invoke,
        ["ReplicateSecretToRegions"] = ReplicateSecretToRegions.Invoke,
        ["RestoreSecret"] = RestoreSecret.Invoke,
        ["RotateSecret"] = RotateSecret.Invoke,
        ["StopReplicationToReplica"] = StopReplicationToReplica.Invoke,
        ["TagResource"] = TagResource.Invoke,
        ["UntagResource"] = UntagResource.Invoke,
        ["UpdateSecret"] = UpdateSecret.Invoke,
        ["UpdateSecretVersionStage"] = UpdateSecretVersionStage.Invoke,
        ["ValidateResourcePolicy"] = ValidateResourcePolicy.Invoke,
    }.ToFrozenDictionary();

    public static IEnumerable<string> Names => Operations.Keys;

    public static bool Knows(string operation) => Operations.ContainsKey(operation);

    public static Operation? Find(string operation) => Operations.GetValueOrDefault(operation);
}
