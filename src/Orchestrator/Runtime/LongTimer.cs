namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// A timer of any length. The system's own last 49.7 days at most and throw beyond that (a rotation usually takes 90 days); this one is set again until
/// its time is over. Use it for every delay that people or data can choose.
/// </summary>
/// <remarks>Source: https://learn.microsoft.com/dotnet/api/system.threading.timer.change.</remarks>
internal sealed class LongTimer : IDisposable
{
    /// <summary>The longest delay of the system's timers.</summary>
    public static readonly TimeSpan LongestPart = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Action ended;
    private readonly TimeSpan after;
    private readonly long started;
    private TimeSpan armed;
    private ITimer? timer;
    private bool isDisposed;

    /// <summary>Calls once after a delay of elapsed time, on another thread; at once if the delay is not positive.</summary>
    public LongTimer(TimeProvider time, TimeSpan after, Action ended)
    {
        (this.time, this.ended, this.after, started) = (time, ended, after, time.GetTimestamp());
        lock (gate)
        {
            armed = Part(after);
            timer = time.CreateTimer(_ => Next(), null, armed, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancels a source after a delay of any length.</summary>
    public static LongTimer Cancel(CancellationTokenSource source, TimeProvider time, TimeSpan after) => new(time, after, () => source.Cancel());

    /// <summary>The sum, or the longest possible delay if the sum is longer.</summary>
    public static TimeSpan Sum(TimeSpan one, TimeSpan other) =>
        one > TimeSpan.Zero && other > TimeSpan.MaxValue - one ? TimeSpan.MaxValue : one + other;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            timer?.Dispose();
            timer = null;
        }
    }

    private void Next()
    {
        lock (gate)
        {
            if (isDisposed)
                return;
            // A timer may fire early by less than a tick of the system's clock: only the part that was cut off is waited for.
            var left = armed < after ? after - time.GetElapsedTime(started) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                timer!.Change(Part(left), Timeout.InfiniteTimeSpan);
                return;
            }
        }

        ended();
    }

    private static TimeSpan Part(TimeSpan delay) => delay > LongestPart ? LongestPart : delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
}
