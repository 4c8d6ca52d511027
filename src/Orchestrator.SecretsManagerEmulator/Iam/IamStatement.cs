namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>One statement of a policy.</summary>
internal sealed record IamStatement(bool IsDeny, IamPatterns Actions, IamPatterns Resources, IReadOnlyList<IamCondition> Conditions)
{
    public bool Matches(IamRequest request) =>
        Actions.Match(request.Action) && Resources.Match(request.Resource, request.Tags) && Conditions.All(condition => condition.Holds(request));
}

/// <summary>The patterns of an element, or with <paramref name="IsNot"/> of its opposite, NotAction or NotResource.</summary>
internal sealed record IamPatterns(IReadOnlyList<string> Patterns, bool IsNot, bool IgnoreCase)
{
    /// <param name="text">The text to match.</param>
    /// <param name="tags">The values of variables: a pattern with a tag that the caller does not have matches nothing.</param>
    public bool Match(string text, IReadOnlyDictionary<string, string>? tags = null) =>
        Patterns.Select(pattern => PrincipalTag.Replace(pattern, tags)).Any(p => p is not null && Wildcard.Matches(p, text, IgnoreCase)) != IsNot;
}

/// <summary><c>kms:ViaService</c> is one of these values: exactly, or with wildcards (StringLike).</summary>
internal sealed record IamCondition(bool IsLike, IReadOnlyList<string> Values)
{
    /// <summary>A request without the key fails the condition.</summary>
    public bool Holds(IamRequest request) => request.ViaService is { } service
        && Values.Any(value => IsLike ? Wildcard.Matches(value, service, ignoreCase: false) : value == service);
}
