using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests;

/// <summary>A time that only the test moves, with the limits of <see cref="TimeProvider.System"/>: its timers take no delay over 49.7 days.</summary>
public class LimitedTime : FakeTimeProvider
{
    public LimitedTime()
    {
    }

    public LimitedTime(DateTimeOffset start)
        : base(start)
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        return new Limited(base.CreateTimer(callback, state, dueTime, period));
    }

    private static void Check(params ReadOnlySpan<TimeSpan> times)
    {
        foreach (var time in times)
        {
            var milliseconds = (long)time.TotalMilliseconds;
            if (milliseconds is < -1 or > uint.MaxValue - 1)
                throw new ArgumentOutOfRangeException(nameof(times), time, "no timer of the system takes that");
        }
    }

    private sealed class Limited(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime, period);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
