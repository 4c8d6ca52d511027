namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// The right to write, which one process at a time holds and renews. A process that was suspended for longer than the lease has lost it without noticing, so
/// the lease is checked before each write.
/// </summary>
internal interface IWriteLease
{
    /// <summary>
    /// Ends once the lease is held for longer than <paramref name="duration"/> from now: at once, or when it has been renewed. If the lease is lost, only
    /// cancellation ends it.
    /// </summary>
    Task WhenHeldFor(TimeSpan duration, CancellationToken cancellation);
}
