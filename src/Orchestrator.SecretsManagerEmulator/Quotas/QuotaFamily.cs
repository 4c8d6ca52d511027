using System.Collections.Frozen;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

/// <summary>Operations that draw on one quota together.</summary>
/// <param name="PerSecond">Calls a second, in one account and Region.</param>
/// <param name="Operations">By their AWS names.</param>
/// <remarks>
/// Source: "AWS Secrets Manager quotas" in its User Guide, and for DescribeSecret and GetSecretValue AWS's announcement of
/// 2025-03-04. The quotas are not adjustable.
/// </remarks>
internal sealed record QuotaFamily(int PerSecond, params string[] Operations)
{
    private static readonly FrozenDictionary<string, QuotaFamily> ByOperation = new QuotaFamily[]
    {
        new(40_000, "DescribeSecret"),
        new(10_000, "GetSecretValue"),
        new(100, "ListSecrets"),
        new(100, "BatchGetSecretValue"),
        new(50, "CreateSecret"),
        new(50, "DeleteSecret"),
        new(50, "RestoreSecret"),
        new(50, "GetRandomPassword"),
        new(50, "ListSecretVersionIds"),
        new(
            50,
            "PutSecretValue",
            "UpdateSecret",
            "UpdateSecretVersionStage",
            "ReplicateSecretToRegions",
            "RemoveRegionsFromReplication",
            "StopReplicationToReplica"),
        new(50, "PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy", "ValidateResourcePolicy"),
        new(50, "RotateSecret", "CancelRotateSecret"),
        new(50, "TagResource", "UntagResource"),
    }.SelectMany(family => family.Operations.Select(operation => KeyValuePair.Create(operation, family))).ToFrozenDictionary();

    /// <summary>Every operation of Secrets Manager is in one.</summary>
    public static QuotaFamily Of(string operation) => ByOperation[operation];
}
