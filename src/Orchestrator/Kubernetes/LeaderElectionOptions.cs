namespace DeploymentOrchestrator.Kubernetes;

/// <summary>How long a leader leads without a sign of life. The defaults are those of Kubernetes' own controllers.</summary>
/// <remarks>Source: https://pkg.go.dev/k8s.io/client-go/tools/leaderelection.</remarks>
internal sealed record LeaderElectionOptions
{
    /// <summary>For how long a renewal holds: after it another may take over. Above <see cref="RenewDeadline"/>, in whole seconds; default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for so long stops its work. Above <see cref="RetryPeriod"/>; default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a leader renews, and how often others look; above 0; default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="InvalidOperationException">The three are not in that order.</exception>
    public void Check()
    {
        if (RetryPeriod <= TimeSpan.Zero || RenewDeadline <= RetryPeriod || LeaseDuration <= RenewDeadline
            || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new InvalidOperationException("a lease needs 0 < retry period < renew deadline < duration, the duration in whole seconds");
    }
}
