namespace DeploymentOrchestrator.Tests;

/// <summary>
/// The clock of one machine: it runs at the true pace, and its date can be set wrong. As on a real machine, that affects neither timers nor elapsed times.
/// </summary>
public sealed class SteppedClock(TimeProvider world) : TimeProvider
{
    /// <summary>How far the date is ahead of the true one.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => world.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => world.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + Ahead;

    public override long GetTimestamp() => world.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(callback, state, dueTime, period);
}
