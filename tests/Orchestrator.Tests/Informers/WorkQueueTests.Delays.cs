using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>Delays, retries and jitter of a key.</summary>
public sealed partial class WorkQueueTests
{
    [Theory]
    [InlineData(90)]
    [InlineData(36_525)]
    public async Task A_delay_may_be_longer_than_a_timer_of_the_system(int days)
    {
        Start(workers: 1);
        queue.AddAfter(Key("a"), TimeSpan.FromDays(days));
        queue.AddAfter(Key("never"), TimeSpan.MaxValue);

        for (var day = 1; day < days; day++)
            time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((2, true), (queue.Delayed, queue.IsIdle));
        time.Advance(TimeSpan.FromDays(1));

        var run = await runs.Next();
        Assert.Equal(Key("a"), run.Key);
        run.Finish();
        Assert.Empty(failures);
    }

    [Fact]
    public async Task A_delayed_key_runs_when_its_delay_is_over()
    {
        Start(1);
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(10));
        Assert.Equal(1, queue.Delayed);

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.True(queue.IsIdle);

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(queue.IsIdle);
        Assert.Equal(0, queue.Delayed);
        Assert.Equal("a", await NextAndFinish());
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(5, 10)]
    [InlineData(5, 5)]
    public async Task Of_two_delays_of_a_key_the_earlier_counts(int first, int second)
    {
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(first));
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(second));
        Assert.Equal(1, queue.Delayed);
        Start(1);

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("a", await NextAndFinish());
        await queue.WhenIdle().Soon();

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(queue.IsIdle);
        Assert.Equal(0, queue.Delayed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_key_without_a_delay_runs_now(int seconds)
    {
        queue.AddAfter(Key("a"), TimeSpan.FromSeconds(seconds));

        Assert.False(queue.IsIdle);
        Assert.Equal(0, queue.Delayed);
    }

    [Fact]
    public void Retries_double_to_five_minutes_until_forgotten()
    {
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
            Assert.Equal(TimeSpan.FromSeconds(seconds), queue.Retry(Key("a")));
        for (var i = 0; i < 100; i++)
            Assert.Equal(TimeSpan.FromMinutes(5), queue.Retry(Key("a")));
        Assert.Equal(TimeSpan.FromSeconds(1), queue.Retry(Key("b")));

        queue.Forget(Key("a"));

        Assert.Equal(TimeSpan.FromSeconds(1), queue.Retry(Key("a")));
    }

    [Fact]
    public void Jitter_shortens_a_retry_delay_by_up_to_half()
    {
        jitter = 0.5;
        Assert.Equal(TimeSpan.FromSeconds(0.75), queue.Retry(Key("a")));
        jitter = 1;
        Assert.Equal(TimeSpan.FromSeconds(1), queue.Retry(Key("a")));
    }

    [Fact]
    public async Task A_failed_key_is_reported_and_retried()
    {
        Start(1);
        queue.Add(Key("a"));
        var failure = new InvalidOperationException("as scripted");

        (await Next()).End.SetException(failure);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        (await Next()).End.SetException(failure);
        Assert.Equal(TimeSpan.FromSeconds(2), await time.PassNextTimer());
        await NextAndFinish();

        await queue.WhenIdle().Soon();
        Assert.Equal([(Key("a"), failure), (Key("a"), failure)], failures);
    }

    [Fact]
    public async Task A_cancellation_that_was_not_requested_is_a_failure()
    {
        Start(1);
        queue.Add(Key("a"));

        (await Next()).End.SetCanceled(Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(1), await time.NextTimer());
        Assert.IsAssignableFrom<OperationCanceledException>(Assert.Single(failures).Failure);
    }
}
