namespace DeploymentOrchestrator.Api;

/// <summary>Kubernetes' OwnerReference: the garbage collector deletes the object once its owner is gone.</summary>
public sealed record OwnerReference
{
    /// <summary>apiVersion of the owner.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Kind of the owner.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the owner, in the same namespace or cluster-scoped.</summary>
    public required string Name { get; init; }

    /// <summary>Uid of the owner: another object of the same name is not the owner.</summary>
    public required string Uid { get; init; }

    /// <summary>Whether the owner is the one controller of the object.</summary>
    public bool? Controller { get; init; }

    /// <summary>Whether a foreground deletion of the owner waits for this object.</summary>
    public bool? BlockOwnerDeletion { get; init; }
}
