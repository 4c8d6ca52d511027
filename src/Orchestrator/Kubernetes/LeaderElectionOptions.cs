namespace DeploymentOrchestrator.Kubernetes;

/// <summary>The durations of leader election. The defaults are those of Kubernetes' own controllers.</summary>
/// <remarks>Source: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection.</remarks>
internal sealed record LeaderElectionOptions
{
    /// <summary>
    /// How long a renewal is valid: after it another process may take over. Above <see cref="RenewDeadline"/>, in whole seconds; default 15 s.
    /// </summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader may fail to renew before it stops its work. Above <see cref="RetryPeriod"/>; default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a leader renews, and how often the others check; above 0; default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refuses durations that cannot work.</summary>
    /// <exception cref="InvalidOperationException">The three are not in that order.</exception>
    public void Check()
    {
        if (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod || LeaseDuration <= RenewDeadline
            || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new InvalidOperationException("a lease needs 0 < retry period < renew deadline < duration, the duration in whole seconds");
    }
}
