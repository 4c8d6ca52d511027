namespace DeploymentOrchestrator.Policies;

/// <summary>Values that a policy demands or fills in.</summary>
internal sealed record PolicyValues
{
    /// <summary>The region.</summary>
    public PolicyText? Region { get; init; }

    /// <summary>The role.</summary>
    public PolicyText? RoleArn { get; init; }

    /// <summary>The external id, for calls by a role.</summary>
    public PolicyText? ExternalId { get; init; }

    /// <summary>The KMS key.</summary>
    public PolicyText? KmsKeyId { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, PolicyText> Tags { get; init; } = new Dictionary<string, PolicyText>(StringComparer.Ordinal);

    /// <summary><c>Delete</c> or <c>Retain</c>.</summary>
    public string? DeletionPolicy { get; init; }

    /// <summary>The minimum length of a generated field.</summary>
    public int? PasswordLength { get; init; }
}
