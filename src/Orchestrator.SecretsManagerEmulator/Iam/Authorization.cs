using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>Checks rights against the policy. Without a policy everything is allowed.</summary>
internal sealed class Authorization(IamPolicy? policy)
{
    /// <summary>Requires one right of any service. The refusal names the resource as the caller did.</summary>
    /// <exception cref="ApiException">AccessDeniedException: the right is missing.</exception>
    public void Require(Caller caller, string action, string resource, string named)
    {
        var decision = policy?.Decide(new IamRequest(action, resource, Tags: caller.Tags));
        if (decision == IamDecision.NotAllowed)
            throw ApiException.Denied(caller.PrincipalArn, action, named, $"because no identity-based policy allows the {action} action");
        if (decision == IamDecision.Denied)
            throw ApiException.Denied(caller.PrincipalArn, action, named, "with an explicit deny in an identity-based policy");
    }

    /// <summary>Requires the rights to encrypt a value under a key. The default key's own policy allows every user of the secret.</summary>
    /// <exception cref="ApiException">AccessDeniedException: one is missing.</exception>
    public void RequireEncrypt(Caller caller, string? kmsKeyId)
    {
        if (!MayUse(caller, kmsKeyId, "kms:GenerateDataKey") || !MayUse(caller, kmsKeyId, "kms:Decrypt"))
            throw ApiException.KeyDenied();
    }

    /// <summary>Requires the right to decrypt a value under a key.</summary>
    /// <exception cref="ApiException">AccessDeniedException: the right is missing.</exception>
    public void RequireDecrypt(Caller caller, string? kmsKeyId)
    {
        if (!MayUse(caller, kmsKeyId, "kms:Decrypt"))
            throw ApiException.KeyDenied();
    }

    /// <summary>Whether Secrets Manager may do this with the key on the caller's behalf.</summary>
    public bool MayUse(Caller caller, string? kmsKeyId, string action) =>
        policy is null
        || KmsKey.ArnOf(kmsKeyId, caller) is not { } key
        || policy.Decide(new IamRequest(action, key, $"secretsmanager.{caller.Region}.amazonaws.com", caller.Tags)) == IamDecision.Allowed;
}
