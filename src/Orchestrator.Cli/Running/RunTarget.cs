namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Which Secrets Manager a run works on, and as whom.</summary>
internal abstract record RunTarget
{
    /// <summary>The one in this process, gone when it ends.</summary>
    /// <param name="Port">On loopback; 0 takes a free one.</param>
    public sealed record Embedded(int Port) : RunTarget;

    /// <summary>AWS, or what the environment says is AWS.</summary>
    /// <param name="ClusterId">The owner of the secrets: those of another cluster id are left alone.</param>
    /// <param name="QuotaShare">The share of AWS's quotas to use at most, above 0 and up to 1.</param>
    /// <param name="FormerClusterIds">Earlier ids of this cluster: their secrets are its own.</param>
    public sealed record Aws(string ClusterId, double QuotaShare, IReadOnlyList<string> FormerClusterIds) : RunTarget;
}
