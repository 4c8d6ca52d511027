namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The Secrets Manager of a run, and the identity.</summary>
internal abstract record RunTarget
{
    /// <summary>Embedded in this process, and gone when it ends. Port 0 selects a free one.</summary>
    public sealed record Embedded(int Port) : RunTarget;

    /// <summary>AWS, or the environment's endpoint. Secrets of a cluster with another id are left alone.</summary>
    public sealed record Aws(string ClusterId, double QuotaShare, IReadOnlyList<string> FormerClusterIds) : RunTarget;
}
