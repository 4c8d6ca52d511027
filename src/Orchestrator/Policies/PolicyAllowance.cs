namespace DeploymentOrchestrator.Policies;

/// <summary>What a policy allows. An empty list allows the program's own default: its region, no role, no key.</summary>
internal sealed record PolicyAllowance
{
    /// <summary>Names of secrets.</summary>
    public IReadOnlyList<NamePattern> SecretNames { get; init; } = [];

    /// <summary>Regions.</summary>
    public IReadOnlyList<NamePattern> Regions { get; init; } = [];

    /// <summary>Roles that may be assumed.</summary>
    public IReadOnlyList<NamePattern> RoleArns { get; init; } = [];

    /// <summary>KMS keys, as configs write them.</summary>
    public IReadOnlyList<NamePattern> KmsKeyIds { get; init; } = [];

    /// <summary>Whether foreign secrets may be adopted.</summary>
    public bool Adopt { get; init; }

    /// <summary>Other namespaces whose abandoned secrets may be inherited.</summary>
    public IReadOnlyList<string> TakeOverFrom { get; init; } = [];
}
