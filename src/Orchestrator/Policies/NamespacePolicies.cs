namespace DeploymentOrchestrator.Policies;

/// <summary>
/// The policies of one namespace. They add up like RBAC roles: a request is allowed if one policy allows all of it. A name that one policy allows together
/// with a role that another one allows is not allowed. Pure.
/// </summary>
/// <param name="Policies">The policies that select the namespace, by name.</param>
/// <param name="Scope">The namespace.</param>
/// <param name="IsRequired">Whether nothing is allowed if no policy selects it.</param>
internal sealed record NamespacePolicies(IReadOnlyList<SecretPolicy> Policies, PolicyScope Scope, bool IsRequired)
{
    /// <summary>The most generated fields of a secret if no policy sets a number.</summary>
    public const int DefaultGeneratedFields = 100;

    private const string Keep = "Retain";

    /// <summary>Selects the policies of a namespace.</summary>
    public static NamespacePolicies Of(
        IEnumerable<SecretPolicy> all, PolicyScope scope, IReadOnlyDictionary<string, string>? labels, bool isRequired) => new(
        [.. all.Where(p => p.Namespaces.Selects(scope.Namespace, labels ?? new Dictionary<string, string>())).OrderBy(p => p.Name, StringComparer.Ordinal)],
        scope, isRequired);

    /// <summary>Whether a Component may have the secret that its config requests.</summary>
    /// <param name="request">The request.</param>
    /// <param name="account">The account of calls without a role; null if unknown.</param>
    public PolicyVerdict Judge(SecretRequest request, string? account = null)
    {
        if (Everywhere() is { } denied)
            return denied;
        var (demanded, denials) = new Demands(Policies, Scope).Apply(request);
        if (denials.Count > 0)
            return new PolicyVerdict.Denied(denials);
        if (Surplus(request) is { } surplus)
            return new PolicyVerdict.Denied([surplus]);
        return Policies.Count == 0 ? WithoutPolicy.Judge(demanded, Scope, account) : Add(demanded, Defaults.Fill);
    }

    /// <summary>
    /// Whether a Component may still access a secret of its state, to read, release or delete it. The request needs name, region, role and external id only.
    /// </summary>
    public PolicyVerdict JudgeTarget(SecretRequest target)
    {
        if (Everywhere() is { } denied)
            return denied;
        var (demanded, denials) = new Demands(Policies, Scope).ApplyToTarget(target);
        if (denials.Count > 0)
            return new PolicyVerdict.Denied(denials);
        return Policies.Count == 0 ? WithoutPolicy.Judge(demanded, Scope, account: null) : Add(demanded, (request, _, _) => request);
    }

    /// <summary>The namespaces whose abandoned secrets a Component with this request may inherit, from the policies that allow all of it.</summary>
    public IReadOnlyList<string> TakeOverFrom(SecretRequest request) => Judge(request) is PolicyVerdict.Allowed { TakeOverFrom: var others } ? others : [];

    /// <summary>Whether a deletion must leave secrets in place, whether or not the request itself is allowed.</summary>
    /// <param name="isSet">Whether the config sets a deletionPolicy: then defaults do not count.</param>
    public bool KeepsSecrets(bool isSet) => Policies.Any(p =>
        p.IsDemandUnknown || p.Mandatory.DeletionPolicy == Keep || (!isSet && p.Defaults.DeletionPolicy == Keep));

    // The denials that apply to every request.
    private PolicyVerdict.Denied? Everywhere()
    {
        if (Policies.Count == 0 && IsRequired)
            return new([new([], PolicyRule.Required, "", $"no SecretPolicy selects the namespace {Scope.Namespace}, and this operator requires one: "
                + "ask an administrator for a SecretPolicy that selects it")]);
        var unknown = Policies.Where(p => p.IsDemandUnknown).Select(Unreadable).ToList();
        return unknown.Count > 0 ? new(unknown) : null;
    }

    private PolicyVerdict Add(SecretRequest demanded, Func<SecretRequest, SecretPolicy, PolicyScope, SecretRequest> fill)
    {
        var allowed = new List<(SecretPolicy Policy, SecretRequest Request)>();
        var refused = new List<IReadOnlyList<PolicyDenial>>();
        foreach (var policy in Policies)
        {
            var (filled, unmet) = new Demands(Policies, Scope).ApplyToRole(fill(demanded, policy, Scope), demanded.ExternalId);
            IReadOnlyList<PolicyDenial> denials =
                policy.Unreadable is null ? [.. unmet, .. new PolicyRefusals(policy, Policies, Scope).Of(filled)] : [Unreadable(policy)];
            if (denials.Count == 0)
                allowed.Add((policy, filled));
            else
                refused.Add(denials);
        }

        // The policy that allows inheriting must also allow the name.
        return allowed.Count > 0
            ? new PolicyVerdict.Allowed(allowed[0].Request,
                [.. allowed.SelectMany(a => a.Policy.Allow.TakeOverFrom).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
            : new PolicyVerdict.Denied([.. refused.OrderBy(r => r.Count).SelectMany(r => r)]);
    }

    private PolicyDenial? Surplus(SecretRequest request)
    {
        var highest = Policies.Where(p => p.GeneratedFields is not null).MaxBy(p => p.GeneratedFields);
        var limit = highest?.GeneratedFields ?? DefaultGeneratedFields;
        return request.Generated.Count <= limit ? null
            : new(highest is null ? [] : [highest.Name], PolicyRule.GeneratedFields, SecretKeys.Fields,
                $"{request.Generated.Count} generated fields are more than the {limit} that are allowed: split the secret, "
                + $"or ask an administrator for a SecretPolicy with a higher {PolicyRule.GeneratedFields}");
    }

    private static PolicyDenial Unreadable(SecretPolicy policy) => new([policy.Name], PolicyRule.Unreadable, "",
        $"cannot be read: {policy.Unreadable}; ask an administrator to fix it");
}
