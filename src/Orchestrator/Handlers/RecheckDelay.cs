namespace DeploymentOrchestrator.Handlers;

/// <summary>When to call a handler of Kubernetes objects again without an event: watches report most changes sooner.</summary>
internal static class RecheckDelay
{
    /// <summary>The desired state is reached.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromMinutes(10);

    /// <summary>A kind or a namespace is missing, and no watch may report its creation.</summary>
    public static readonly TimeSpan Missing = TimeSpan.FromSeconds(30);

    /// <summary>A CustomResourceDefinition was just created or changed; the API server serves it a moment later.</summary>
    public static readonly TimeSpan NewKind = TimeSpan.FromSeconds(2);
}
