namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>One statement of a policy.</summary>
internal sealed record IamStatement(bool IsDeny, IamPatterns Actions, IamPatterns Resources, IReadOnlyList<IamCondition> Conditions)
{
    public bool Matches(IamRequest request) =>
        Actions.Match(request.Action) && Resources.Match(request.Resource) && Conditions.All(condition => condition.Holds(request));
}

/// <summary>The patterns of an element, or with <paramref name="IsNot"/> of its opposite, NotAction or NotResource.</summary>
internal sealed record IamPatterns(IReadOnlyList<string> Patterns, bool IsNot, bool IgnoreCase)
{
    public bool Match(string text) => Patterns.Any(pattern => Wildcard.Matches(pattern, text, IgnoreCase)) != IsNot;
}

/// <summary><c>kms:ViaService</c> is one of these values: exactly, or with wildcards (StringLike).</summary>
internal sealed record IamCondition(bool IsLike, IReadOnlyList<string> Values)
{
    /// <summary>A request without the key fails the condition.</summary>
    public bool Holds(IamRequest request) => request.ViaService is { } service
        && Values.Any(value => IsLike ? Wildcard.Matches(value, service, ignoreCase: false) : value == service);
}
