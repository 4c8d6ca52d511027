namespace DeploymentOrchestrator.Tests;

public sealed class LimitedTimeTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly LimitedTime time = new();
    private readonly List<string> ended = [];

    [Fact]
    public void Timers_that_end_together_end_in_the_order_in_which_they_were_set()
    {
        var (one, two) = (Set("one"), Set("two"));
        Set("three");
        // In whatever order concurrent calls end.
        one.Dispose();
        two.Dispose();
        Set("four");
        Set("five");

        time.Advance(Delay);

        Assert.Equal(["three", "four", "five"], ended);
    }

    [Fact]
    public void A_timer_that_ends_earlier_ends_before_one_that_was_set_earlier()
    {
        Set("late", Delay * 2);
        Set("early");

        time.Advance(Delay * 3);

        Assert.Equal(["early", "late"], ended);
    }

    [Fact]
    public void A_timer_that_is_set_again_as_it_ends_ends_again_when_that_time_is_over()
    {
        ITimer? again = null;
        again = time.CreateTimer(_ =>
        {
            ended.Add("again");
            again!.Change(Delay * 2, Timeout.InfiniteTimeSpan);
        }, null, Delay, Timeout.InfiniteTimeSpan);
        Set("other", Delay * 2);

        time.Advance(Delay);
        Assert.Equal(["again"], ended);
        time.Advance(Delay);
        Assert.Equal(["again", "other"], ended);
        time.Advance(Delay);
        Assert.Equal(["again", "other", "again"], ended);
    }

    [Fact]
    public void A_timer_that_is_disposed_by_one_that_ends_with_it_does_not_end()
    {
        ITimer? other = null;
        time.CreateTimer(_ => other!.Dispose(), null, Delay, Timeout.InfiniteTimeSpan);
        other = Set("other");

        time.Advance(Delay);

        Assert.Empty(ended);
    }

    [Fact]
    public void A_periodic_timer_ends_every_time()
    {
        time.CreateTimer(_ => ended.Add("period"), null, Delay, Delay);

        time.Advance(Delay);
        time.Advance(Delay);

        Assert.Equal(["period", "period"], ended);
    }

    private ITimer Set(string name, TimeSpan? delay = null) => time.CreateTimer(_ => ended.Add(name), null, delay ?? Delay, Timeout.InfiniteTimeSpan);
}
