namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The readiness state of an applied resource.</summary>
internal enum ReadinessState
{
    /// <summary>The desired state is reached.</summary>
    Current,

    /// <summary>The desired state is not reached yet.</summary>
    InProgress,

    /// <summary>Its controller gave up.</summary>
    Failed,
}
