namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>How an applied resource stands.</summary>
internal enum ReadinessState
{
    /// <summary>As its spec wants it.</summary>
    Current,

    /// <summary>On its way there.</summary>
    InProgress,

    /// <summary>Its controller gave up.</summary>
    Failed,
}
