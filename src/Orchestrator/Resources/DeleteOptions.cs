namespace DeploymentOrchestrator.Resources;

/// <summary>How to delete.</summary>
/// <param name="Uid">The uid of the object; a different one is a Conflict.</param>
/// <param name="Propagation">How dependents are deleted.</param>
/// <param name="ResourceVersion">The version that was decided on; an object that changed since is a Conflict.</param>
internal sealed record DeleteOptions(string? Uid = null, DeletePropagation Propagation = DeletePropagation.Background, string? ResourceVersion = null);

/// <summary>Kubernetes' propagation policies.</summary>
internal enum DeletePropagation
{
    /// <summary>The owner is deleted first, then its dependents.</summary>
    Background,

    /// <summary>Dependents that block are deleted before the owner.</summary>
    Foreground,

    /// <summary>Dependents lose their owner and stay.</summary>
    Orphan,
}
