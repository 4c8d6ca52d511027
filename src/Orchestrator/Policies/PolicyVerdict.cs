using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>The decision of a namespace's policies about a request.</summary>
internal abstract record PolicyVerdict
{
    private PolicyVerdict()
    {
    }

    /// <summary>One of the policies allows all of it.</summary>
    /// <param name="Request">The request, with the values that the policies fill in.</param>
    /// <param name="TakeOverFrom">The namespaces whose abandoned secrets it may inherit, from the policies that allow all of it.</param>
    internal sealed record Allowed(SecretRequest Request, IReadOnlyList<string> TakeOverFrom) : PolicyVerdict
    {
        /// <summary>Whether two verdicts about the same request are equal.</summary>
        public bool IsSameAs(Allowed other) => Request.IsFilledAs(other.Request) && TakeOverFrom.SequenceEqual(other.TakeOverFrom);
    }

    /// <summary>No policy allows the request.</summary>
    /// <param name="Denials">The reasons, those of the nearest policy first.</param>
    internal sealed record Denied(IReadOnlyList<PolicyDenial> Denials) : PolicyVerdict;

    /// <summary>The account of the call decides.</summary>
    internal sealed record AskAccount : PolicyVerdict;
}

/// <summary>A rule that denies a request.</summary>
/// <param name="Policies">The policies of the rule; empty if none selects the namespace.</param>
/// <param name="Rule">The rule, such as <c>allow.secretNames</c>.</param>
/// <param name="Key">The config key; empty for the whole.</param>
/// <param name="Text">What is not allowed, and what to do.</param>
internal sealed record PolicyDenial(IReadOnlyList<string> Policies, string Rule, string Key, string Text)
{
    /// <summary>The denial as a problem of the config.</summary>
    public Problem ToProblem() => new(Key, Policies.Count switch
    {
        0 => $"{Rule}: {Text}",
        1 => $"SecretPolicy {Policies[0]}, {Rule}: {Text}",
        _ => $"SecretPolicies {string.Join(" and ", Policies)}, {Rule}: {Text}",
    });
}
