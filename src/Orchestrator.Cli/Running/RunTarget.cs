namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Which Secrets Manager a run works on, and as whom.</summary>
internal abstract record RunTarget
{
    /// <summary>The one in this process, gone when it ends.</summary>
    /// <param name="Port">On loopback; 0 takes a free one.</param>
    public sealed record Embedded(int Port) : RunTarget;

    /// <summary>AWS, or what the environment says is AWS.</summary>
    /// <param name="ClusterId">Who we are: what another cluster id wrote is somebody else's.</param>
    /// <param name="QuotaShare">Which part of AWS's quotas is used at most, above 0 and up to 1.</param>
    /// <param name="FormerClusterIds">Who we were before: what these wrote is ours.</param>
    public sealed record Aws(string ClusterId, double QuotaShare, IReadOnlyList<string> FormerClusterIds) : RunTarget;
}
