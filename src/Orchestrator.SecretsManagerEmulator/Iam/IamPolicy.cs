namespace DeploymentOrchestrator.SecretsManagerEmulator.Iam;

/// <summary>
/// An identity-based IAM policy with the semantics of AWS: requests that no statement allows are denied, and a Deny wins over every Allow.
/// </summary>
/// <remarks>
/// Statements have Effect, Action or NotAction, Resource or NotResource, in which <c>${aws:PrincipalTag/key}</c> is replaced, and as the only Condition
/// <c>kms:ViaService</c> under
/// StringEquals or StringLike. Source: "IAM JSON policy elements reference" in the IAM User Guide.
/// </remarks>
internal sealed class IamPolicy
{
    private readonly IReadOnlyList<IamStatement> statements;

    private IamPolicy(IReadOnlyList<IamStatement> statements) => this.statements = statements;

    /// <summary>Reads a policy document, a JSON object with <c>Statement</c>.</summary>
    /// <exception cref="IamPolicyException">
    /// It is not a policy, or has an element that cannot be evaluated: another Condition, a Principal, another policy variable. None is ignored, since the
    /// policy would then mean something else here than on AWS.
    /// </exception>
    public static IamPolicy Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new(IamPolicyReader.Read(json));
    }

    internal IamDecision Decide(IamRequest request)
    {
        var matching = statements.Where(statement => statement.Matches(request)).ToList();
        return matching.Exists(statement => statement.IsDeny) ? IamDecision.Denied
            : matching.Count > 0 ? IamDecision.Allowed
            : IamDecision.NotAllowed;
    }
}

/// <summary>The decision of a policy about one request.</summary>
internal enum IamDecision
{
    /// <summary>No statement allows it.</summary>
    NotAllowed,

    Allowed,

    /// <summary>A statement denies it.</summary>
    Denied,
}
