using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>The rights that each operation needs. AWS checks them first, even where the secret does not exist.</summary>
/// <remarks>Source: "Actions, resources, and condition keys for AWS Secrets Manager" in the Service Authorization Reference.</remarks>
internal static class RequiredRights
{
    private const string NoResource = "*";

    /// <summary>
    /// The suffix of a secret that does not exist yet. Only wildcards match it, as it is unknown in advance: <c>name-??????</c>
    /// and <c>name-*</c> do, <c>name</c> and <c>name-AbCdEf</c> do not.
    /// </summary>
    private const string SuffixToCome = "??????";

    /// <summary>Requires the rights for the operation itself, and for additional requests in its parameters.</summary>
    /// <exception cref="ApiException">AccessDeniedException, naming the first right that is missing.</exception>
    public static void Require(Call call, Input input)
    {
        var id = SecretId(call.Operation, input);
        Require(call, call.Operation, id);
        if (call.Operation == "CreateSecret" && HasItems(input, "Tags"))
            Require(call, "TagResource", id);
        if (call.Operation == "CreateSecret" && HasItems(input, "AddReplicaRegions"))
            Require(call, "ReplicateSecretToRegions", id);
        if (call.Operation == "BatchGetSecretValue" && input.Has("Filters"))
            Require(call, "ListSecrets", secretId: null);
    }

    /// <summary>Requires one right on one secret, or, with null, on none in particular.</summary>
    /// <exception cref="ApiException">AccessDeniedException: the right is missing.</exception>
    public static void Require(Call call, string operation, string? secretId)
    {
        var resource = secretId is null ? NoResource : ArnOf(call, secretId);
        call.Store.Authorization.Require(call.Caller, $"secretsmanager:{operation}", resource, named: secretId ?? NoResource);
    }

    /// <summary>The secret that the rights apply to; null for operations that have no resource in IAM.</summary>
    private static string? SecretId(string operation, Input input) => operation switch
    {
        "GetRandomPassword" or "ListSecrets" or "BatchGetSecretValue" => null,
        "CreateSecret" => input.String("Name", 0, int.MaxValue),
        _ => input.String("SecretId", 0, int.MaxValue),
    };

    /// <summary>AWS decides by the secret's own ARN, with the suffix, however the caller names the secret.</summary>
    private static string ArnOf(Call call, string secretId)
    {
        if (SecretArn.Parse(secretId) is not { } arn)
            return call.Vault.ByName(secretId, call.Now) is { } named ? call.ArnOf(named) : call.Vault.ArnOf(secretId, SuffixToCome);
        if (call.Vault.ByArn(arn, call.Now) is { } found)
            return call.ArnOf(found);
        return arn.IsComplete ? secretId : $"{secretId}-{SuffixToCome}";
    }

    private static bool HasItems(Input input, string name) => input.Structures(name, 0, int.MaxValue) is { Count: > 0 };
}
