using System.Threading.Channels;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>A stopped clock that signals each timer that is set, so that a test advances it only when something waits.</summary>
internal sealed class SignallingTime : LimitedTime
{
    private readonly Channel<TimeSpan> timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        timers.Writer.TryWrite(dueTime);
        return timer;
    }

    public Task<TimeSpan> NextTimer() => timers.Next();

    /// <summary>Waits for the next timer, and advances to its end.</summary>
    public async Task<TimeSpan> PassNextTimer()
    {
        var delay = await NextTimer();
        Advance(delay);
        return delay;
    }
}
