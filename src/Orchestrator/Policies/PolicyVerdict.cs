using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Policies;

/// <summary>What the policies of a namespace say of a request.</summary>
internal abstract record PolicyVerdict
{
    private PolicyVerdict()
    {
    }

    /// <summary>One of the policies allows all of it.</summary>
    /// <param name="Request">The request, with what the policies fill in.</param>
    /// <param name="TakeOverFrom">The namespaces whose abandoned secrets it may inherit, by the policies that allow all of it.</param>
    internal sealed record Allowed(SecretRequest Request, IReadOnlyList<string> TakeOverFrom) : PolicyVerdict
    {
        /// <summary>Whether another verdict about the same request says the same.</summary>
        public bool IsSameAs(Allowed other) => Request.IsFilledAs(other.Request) && TakeOverFrom.SequenceEqual(other.TakeOverFrom);
    }

    /// <summary>None does.</summary>
    /// <param name="Denials">Why, of the policy that comes nearest first.</param>
    internal sealed record Denied(IReadOnlyList<PolicyDenial> Denials) : PolicyVerdict;

    /// <summary>The account that calls are made in decides.</summary>
    internal sealed record AskAccount : PolicyVerdict;
}

/// <summary>A rule that denies a request.</summary>
/// <param name="Policies">The policies whose rule it is; empty where none selects the namespace.</param>
/// <param name="Rule">The rule, such as <c>allow.secretNames</c>.</param>
/// <param name="Key">The key of the config that it is about; empty for the whole.</param>
/// <param name="Text">What is not allowed, and the way out.</param>
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
