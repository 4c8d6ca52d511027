using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Tests;

public sealed class LongTimerTests
{
    public static TheoryData<TimeSpan> Delays =>
        [TimeSpan.FromHours(2160), TimeSpan.FromMilliseconds(uint.MaxValue), TimeSpan.FromDays(36_525), TimeSpan.MaxValue];

    [Theory]
    [MemberData(nameof(Delays))]
    public void System_timers_get_no_delay_beyond_their_maximum(TimeSpan delay)
    {
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => TimeProvider.System.CreateTimer(_ => { }, null, delay, Timeout.InfiniteTimeSpan));

        using var timer = new LongTimer(TimeProvider.System, delay, () => { });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(90)]
    [InlineData(36_525)]
    public void A_long_timer_fires_once_and_neither_early_nor_late(int days)
    {
        var (time, ends) = (new LimitedTime(), 0);
        using var timer = new LongTimer(time, TimeSpan.FromDays(days), () => ends++);

        for (var day = 1; day < days; day++)
            time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, ends);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, ends);
        time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(1, ends);
    }

    [Fact]
    public void A_long_timer_fires_when_all_the_time_passes_at_once()
    {
        var (time, ends) = (new LimitedTime(), 0);
        using var timer = new LongTimer(time, TimeSpan.FromDays(90), () => ends++);

        time.Advance(TimeSpan.FromDays(365));

        Assert.Equal(1, ends);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-1_000_000_000_000)]
    public void A_long_timer_whose_delay_is_over_fires_at_once(long milliseconds)
    {
        var (time, ends) = (new LimitedTime(), 0);
        using var timer = new LongTimer(time, TimeSpan.FromMilliseconds(milliseconds), () => ends++);

        time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(1, ends);
    }

    [Fact]
    public void A_disposed_long_timer_does_not_fire()
    {
        var (time, ends) = (new LimitedTime(), 0);
        var timer = new LongTimer(time, TimeSpan.FromDays(90), () => ends++);
        time.Advance(TimeSpan.FromDays(60));

        timer.Dispose();
        time.Advance(TimeSpan.FromDays(60));

        Assert.Equal(0, ends);
    }

    [Fact]
    public void A_sum_of_delays_never_exceeds_the_maximum()
    {
        Assert.Equal(TimeSpan.MaxValue, LongTimer.Sum(TimeSpan.FromDays(1), TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.FromDays(3), LongTimer.Sum(TimeSpan.FromDays(1), TimeSpan.FromDays(2)));
    }
}
