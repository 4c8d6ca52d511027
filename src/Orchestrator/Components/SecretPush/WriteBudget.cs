namespace DeploymentOrchestrator.Components.SecretPush;

/// <summary>
/// How often one secret's value may be written: 5 in a burst and 96 a day, so that a flapping input never fills the 100 versions that AWS keeps for a
/// day. A bucket of 5 that gains one every 15 minutes, kept as one time.
/// </summary>
internal static class WriteBudget
{
    private const int Burst = 5;
    private static readonly TimeSpan Gain = TimeSpan.FromDays(1) / 96;

    /// <summary>How far ahead the budget of a bucket drawn empty lies.</summary>
    public static TimeSpan Longest => Gain * Burst;

    /// <summary>When the next write may be made: now, or later.</summary>
    public static DateTimeOffset NextAllowed(DateTimeOffset? budget, DateTimeOffset now) =>
        budget is { } full && full - (Gain * (Burst - 1)) > now ? full - (Gain * (Burst - 1)) : now;

    /// <summary>The budget after a write.</summary>
    public static DateTimeOffset AfterWrite(DateTimeOffset? budget, DateTimeOffset now) => (budget > now ? budget.Value : now) + Gain;
}
