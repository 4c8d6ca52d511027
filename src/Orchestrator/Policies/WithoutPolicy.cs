namespace DeploymentOrchestrator.Policies;

/// <summary>
/// What is allowed in a namespace without a policy: every name, region, alias and key id, so that Components work before there are policies. Access to other
/// accounts and to foreign secrets is not. Pure.
/// </summary>
internal static class WithoutPolicy
{
    /// <summary>Whether a request is allowed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scope">The namespace.</param>
    /// <param name="account">The account of calls without a role; null if unknown.</param>
    public static PolicyVerdict Judge(SecretRequest request, PolicyScope scope, string? account)
    {
        var denials = new List<PolicyDenial>();
        void Deny(string list, string key, string what) => denials.Add(new([], PolicyRule.Allow(list), key,
            $"no SecretPolicy selects the namespace {scope.Namespace}, so {what} is not allowed: ask an administrator for a SecretPolicy that allows it"));

        if (request.RoleArn is not null)
            Deny("roleArns", SecretKeys.RoleArn, $"roleArn {request.RoleArn}");
        if (request.Adopt)
            Deny(SecretKeys.Adopt, SecretKeys.Adopt, "adopt: true");
        var keyAccount = AwsForms.AccountOf(request.KmsKeyId);
        if (keyAccount is not null && account is not null && keyAccount != account)
            Deny("kmsKeyIds", SecretKeys.KmsKeyId, $"a KMS key of account {keyAccount}");
        return denials.Count > 0 ? new PolicyVerdict.Denied(denials)
            : keyAccount is not null && account is null && !scope.IsPartial ? new PolicyVerdict.AskAccount()
            : new PolicyVerdict.Allowed(request, []);
    }
}
