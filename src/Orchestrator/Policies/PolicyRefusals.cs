namespace DeploymentOrchestrator.Policies;

/// <summary>The parts of a request that one policy does not allow. Pure.</summary>
/// <param name="policy">The policy.</param>
/// <param name="all">All policies of the namespace: values that one of them demands are not the tenant's choice.</param>
/// <param name="scope">The namespace.</param>
internal sealed class PolicyRefusals(SecretPolicy policy, IReadOnlyList<SecretPolicy> all, PolicyScope scope)
{
    /// <summary>The denials; empty if the policy allows the whole request.</summary>
    public IReadOnlyList<PolicyDenial> Of(SecretRequest request)
    {
        var denials = new List<PolicyDenial?>();
        var allow = policy.Allow;
        if (!request.Unknown.Contains(SecretKeys.SecretName))
            denials.Add(Check("secretNames", SecretKeys.SecretName, request.SecretName, allow.SecretNames, own: null));
        if (!request.Unknown.Contains(SecretKeys.Region))
            denials.Add(Region(request.Region));
        if (!request.Unknown.Contains(SecretKeys.RoleArn))
            denials.Add(Check("roleArns", SecretKeys.RoleArn, request.RoleArn, allow.RoleArns, v => v.RoleArn));
        if (!request.Unknown.Contains(SecretKeys.KmsKeyId))
            denials.Add(Check("kmsKeyIds", SecretKeys.KmsKeyId, request.KmsKeyId, allow.KmsKeyIds, v => v.KmsKeyId));
        if (request.Adopt && !allow.Adopt)
            denials.Add(Deny(SecretKeys.Adopt, SecretKeys.Adopt, "adopt: true is not allowed: take adopt out, or ask an administrator"));
        return [.. denials.OfType<PolicyDenial>()];
    }

    // Without a region the program's own counts. If that is unknown, nothing is called, or only files are checked.
    private PolicyDenial? Region(string? named)
    {
        var (region, patterns) = (named ?? scope.Region, policy.Allow.Regions);
        return patterns.Count == 0 && (region == scope.Region || scope is { Region: null, IsPartial: true })
            ? null
            : Check("regions", SecretKeys.Region, region, patterns, v => v.Region);
    }

    private PolicyDenial? Check(string list, string key, string? value, IReadOnlyList<NamePattern> patterns, Func<PolicyValues, PolicyText?>? own)
    {
        if (value is null || patterns.Any(p => p.Matches(value, scope)) || IsOwn(value, own))
            return null;
        var allowed = patterns.Count > 0
            ? $"allowed {(patterns.Count == 1 ? "is" : "are")} {string.Join(", ", patterns.Select(p => p.Shown(scope)))}"
            : list == "regions" && scope.Region is { } region ? $"allowed is the operator's own, {region}" : "it allows none";
        return Deny(list, key, $"{key} {value} is not allowed; {allowed}");
    }

    private bool IsOwn(string value, Func<PolicyValues, PolicyText?>? own) => own is not null
        && all.Select(p => p.Mandatory).Append(policy.Defaults).Any(values => own(values)?.For(scope) == value);

    private PolicyDenial Deny(string list, string key, string text) => new([policy.Name], PolicyRule.Allow(list), key, text);
}
