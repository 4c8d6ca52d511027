namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// The right to write, which one process at a time holds for a while and renews. One that was stopped for longer than that, and wakes in the middle
/// of its work, holds it no more, whatever it believes: so it is asked before each write.
/// </summary>
internal interface IWriteLease
{
    /// <summary>
    /// Ends once the lease is held for longer than <paramref name="duration"/> from now: at once, or when it has been renewed. Where the lease is lost it
    /// never ends but by cancellation.
    /// </summary>
    Task WhenHeldFor(TimeSpan duration, CancellationToken cancellation);
}
