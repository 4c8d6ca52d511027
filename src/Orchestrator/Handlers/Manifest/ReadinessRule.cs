namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>When an applied object counts as ready.</summary>
internal enum ReadinessRule
{
    /// <summary>When it says so; see <see cref="Readiness"/>. For a cluster.</summary>
    Kstatus,

    /// <summary>When it is applied: for the embedded store, where no controllers run that could ever say more.</summary>
    WhenApplied,

    /// <summary>When it would be applied: for a plan, which does not know what becomes of it then.</summary>
    Planned,
}
