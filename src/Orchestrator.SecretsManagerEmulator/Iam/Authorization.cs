using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>
/// Asks the policy what a call needs, before anything else of it is looked at: also where the secret is missing. Without a policy
/// everything is allowed.
/// </summary>
/// <remarks>Source: "Actions, resources, and condition keys for AWS Secrets Manager" in the Service Authorization Reference.</remarks>
internal sealed class Authorization(IamPolicy? policy)
{
    private const string NoResource = "*";

    /// <summary>
    /// The suffix of what is not there yet. Only wildcards match it, as with one that nobody knows in advance: <c>name-??????</c>
    /// and <c>name-*</c> do, <c>name</c> and <c>name-AbCdEf</c> do not.
    /// </summary>
    private const string SuffixToCome = "??????";

    /// <summary>The rights for the operation itself, and for what its parameters ask for beside it.</summary>
    /// <exception cref="ApiException">AccessDeniedException, naming the first right that is missing.</exception>
    public void Require(Call call, Input input)
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

    /// <summary>One right on one secret, or, with null, on none in particular.</summary>
    /// <exception cref="ApiException">AccessDeniedException: it is missing.</exception>
    public void Require(Call call, string operation, string? secretId)
    {
        var resource = secretId is null ? NoResource : ArnOf(call, secretId);
        Require(call.Caller, $"secretsmanager:{operation}", resource, named: secretId ?? NoResource);
    }

    /// <summary>One right of any service. The refusal names the resource as the caller did.</summary>
    /// <exception cref="ApiException">AccessDeniedException: it is missing.</exception>
    public void Require(Caller caller, string action, string resource, string named)
    {
        var decision = policy?.Decide(new IamRequest(action, resource));
        if (decision == IamDecision.NotAllowed)
            throw ApiException.Denied(caller.PrincipalArn, action, named, $"because no identity-based policy allows the {action} action");
        if (decision == IamDecision.Denied)
            throw ApiException.Denied(caller.PrincipalArn, action, named, "with an explicit deny in an identity-based policy");
    }

    /// <summary>The rights to encrypt a value under a key. The default key's own policy lets everybody in who may use the secret.</summary>
    /// <exception cref="ApiException">AccessDeniedException: one is missing.</exception>
    public void RequireEncrypt(Call call, string? kmsKeyId)
    {
        if (!MayUse(call, kmsKeyId, "kms:GenerateDataKey") || !MayUse(call, kmsKeyId, "kms:Decrypt"))
            throw ApiException.KeyDenied();
    }

    /// <exception cref="ApiException">AccessDeniedException: the right to decrypt under the key is missing.</exception>
    public void RequireDecrypt(Call call, string? kmsKeyId)
    {
        if (!MayUse(call, kmsKeyId, "kms:Decrypt"))
            throw ApiException.KeyDenied();
    }

    /// <summary>Whether Secrets Manager may do this with the key in the caller's name.</summary>
    public bool MayUse(Call call, string? kmsKeyId, string action) =>
        policy is null
        || KmsKey.ArnOf(kmsKeyId, call.Caller) is not { } key
        || policy.Decide(new IamRequest(action, key, $"secretsmanager.{call.Caller.Region}.amazonaws.com")) == IamDecision.Allowed;

    /// <summary>What the rights are on; null for operations that IAM knows without a resource.</summary>
    private static string? SecretId(string operation, Input input) => operation switch
    {
        "GetRandomPassword" or "ListSecrets" or "BatchGetSecretValue" => null,
        "CreateSecret" => input.String("Name", 0, int.MaxValue),
        _ => input.String("SecretId", 0, int.MaxValue),
    };

    /// <summary>AWS decides on the secret's own ARN, with the suffix, also where the caller names it otherwise.</summary>
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
