namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// How often one secret's value may be written: 5 in a burst and one every 15 minutes after it, at most 100 in any 24 hours, so that a flapping input
/// never fills the 100 versions that AWS keeps for a day. A bucket of 5 that gains one every 15 minutes, kept as one time.
/// </summary>
internal static class WriteBudget
{
    private const int Burst = 5;
    private static readonly TimeSpan Gain = TimeSpan.FromDays(1) / 96;

    // The fifth of a burst comes a minute after the first. Else the 101st of a day could come in the very second in which the first is a day old.
    private static readonly TimeSpan Room = (Gain * (Burst - 1)) - TimeSpan.FromMinutes(1);

    /// <summary>How far ahead the budget of a bucket drawn empty lies.</summary>
    public static TimeSpan Longest => Gain * Burst;

    /// <summary>When the next write may be made: now, or later.</summary>
    public static DateTimeOffset NextAllowed(DateTimeOffset? budget, DateTimeOffset now) =>
        budget is { } full && full - Room > now ? full - Room : now;

    /// <summary>The budget after a write.</summary>
    public static DateTimeOffset AfterWrite(DateTimeOffset? budget, DateTimeOffset now) => (budget > now ? budget.Value : now) + Gain;
}
