using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// A clock that only the test advances, with the limits of <see cref="TimeProvider.System"/>: its timers take no delay over 49.7 days. Timers due at the
/// same moment fire in the order in which they were set; <see cref="FakeTimeProvider"/> itself takes them from a hash set, whose order differs between
/// runs.
/// </summary>
public class LimitedTime : FakeTimeProvider
{
    private readonly SortedDictionary<(long Due, long Order), Limited> set = [];
    private long order;

    public LimitedTime()
    {
    }

    public LimitedTime(DateTimeOffset start)
        : base(start)
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Limited(this, () => callback(state));
        timer.Start(base.CreateTimer(_ => timer.Ends(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
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

    private Limited? Take((long Due, long Order) upTo)
    {
        lock (set)
        {
            if (set.FirstOrDefault() is not { Value: { } first, Key: var place } || place.CompareTo(upTo) > 0)
                return null;
            first.Leave();
            return first;
        }
    }

    private sealed class Limited(LimitedTime time, Action callback) : ITimer
    {
        private ITimer? inner;
        private (long Due, long Order)? place;
        private bool isPeriodic;

        public Action Callback => callback;

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            inner = timer;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Check(dueTime, period);
            lock (time.set)
            {
                Leave();
                isPeriodic = period > TimeSpan.Zero;
                if (!isPeriodic && dueTime >= TimeSpan.Zero)
                    time.set.Add((place = (time.GetTimestamp() + dueTime.Ticks, time.order++)).Value, this);
            }

            return inner!.Change(dueTime, period);
        }

        public void Dispose()
        {
            lock (time.set)
                Leave();
            inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        // Fires every timer due by then, in order, unless an earlier one has fired this one already.
        public void Ends()
        {
            if (isPeriodic)
                callback();
            else if (place is { } mine)
            {
                while (time.Take(mine) is { } next)
                    next.Callback();
            }
        }

        public void Leave()
        {
            if (place is { } mine)
                time.set.Remove(mine);
            place = null;
        }
    }
}
