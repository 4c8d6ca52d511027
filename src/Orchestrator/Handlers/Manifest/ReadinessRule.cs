namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>When an applied object is ready.</summary>
internal enum ReadinessRule
{
    /// <summary>When its status reports so; see <see cref="Readiness"/>. For a cluster.</summary>
    Kstatus,

    /// <summary>When it is applied: for the embedded store, which has no controllers of other kinds.</summary>
    WhenApplied,

    /// <summary>When it would be applied: for a plan, which cannot know its later status.</summary>
    Planned,
}
