using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.Tests.Informers;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManager;

public sealed class CallRateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Half_a_second_of_calls_starts_at_once_and_the_rest_is_spread_evenly()
    {
        var time = new SignallingTime();
        var rate = new CallRate(10, time);
        for (var i = 0; i < 5; i++)
            await rate.WaitAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            var next = rate.WaitAsync(Stop);
            Assert.Equal(TimeSpan.FromMilliseconds(100), await time.PassNextTimer());
            await next;
        }
    }

    [Fact]
    public async Task A_quota_below_one_call_a_second_lets_one_start_at_once()
    {
        var time = new SignallingTime();
        var rate = new CallRate(0.5, time);
        await rate.WaitAsync(Stop);
        var next = rate.WaitAsync(Stop);
        Assert.Equal(TimeSpan.FromSeconds(2), await time.PassNextTimer());
        await next;
    }

    [Fact]
    public async Task Unused_calls_are_not_saved_up()
    {
        var time = new SignallingTime();
        var rate = new CallRate(10, time);
        time.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 5; i++)
            await rate.WaitAsync(Stop);
        var next = rate.WaitAsync(Stop);
        await time.PassNextTimer();
        await next;
    }

    [Fact]
    public async Task Waiting_calls_start_in_the_order_of_arrival()
    {
        var time = new SignallingTime();
        var rate = new CallRate(1, time);
        await rate.WaitAsync(Stop);
        var order = new List<int>();
        var waiting = Enumerable.Range(0, 4).Select(async i =>
        {
            await rate.WaitAsync(Stop);
            order.Add(i);
        }).ToList();
        foreach (var _ in waiting)
            await time.PassNextTimer();
        await Task.WhenAll(waiting);
        Assert.Equal([0, 1, 2, 3], order);
    }

    [Fact]
    public async Task Waiting_calls_of_namespaces_start_in_turn()
    {
        var time = new SignallingTime();
        var rate = new CallRate(1, time);
        await rate.WaitAsync(Stop);
        var order = new List<string>();
        var waiting = ((string[])["a", "a", "a", "a", "b", "b"]).Select(async name =>
        {
            await rate.WaitAsync(Stop, name);
            order.Add(name);
        }).ToList();
        foreach (var _ in waiting)
            await time.PassNextTimer();
        await Task.WhenAll(waiting);
        Assert.Equal(["a", "a", "b", "a", "b", "a"], order);
    }

    [Fact]
    public async Task A_cancelled_caller_uses_up_no_call()
    {
        var time = new SignallingTime();
        var rate = new CallRate(1, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await rate.WaitAsync(Stop);
        var first = rate.WaitAsync(giveUp.Token);
        var second = rate.WaitAsync(Stop);
        await time.NextTimer();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        await second;
    }

    [Fact]
    public void A_throttle_halves_the_rate_and_several_within_a_second_count_once()
    {
        var time = new FakeTimeProvider();
        var rate = new CallRate(32, time);
        for (var i = 0; i < 10; i++)
            rate.Throttled();
        Assert.Equal(16, rate.PerSecond);
        time.Advance(TimeSpan.FromSeconds(1));
        rate.Throttled();
        Assert.InRange(rate.PerSecond, 8, 8.5);
    }

    [Fact]
    public void The_call_rate_never_falls_to_zero()
    {
        var time = new FakeTimeProvider();
        var rate = new CallRate(64, time);
        for (var i = 0; i < 100; i++)
        {
            rate.Throttled();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(rate.PerSecond, 1, 4);
    }

    [Fact]
    public void The_call_rate_recovers_within_a_minute_up_to_the_quota()
    {
        var time = new FakeTimeProvider();
        var rate = new CallRate(32, time);
        rate.Throttled();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(24, rate.PerSecond, 6);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(32, rate.PerSecond, 6);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(32, rate.PerSecond);
    }

    [Fact]
    public async Task After_a_throttle_no_call_starts_at_once()
    {
        var time = new SignallingTime();
        var rate = new CallRate(50, time);
        rate.Throttled();
        var next = rate.WaitAsync(Stop);
        Assert.Equal(TimeSpan.FromMilliseconds(40), await time.PassNextTimer());
        await next;
    }

    [Fact]
    public void Each_account_region_and_quota_has_its_own_call_rate()
    {
        var rates = new CallRates(0.5, TimeProvider.System);
        var create = rates.For("", "us-east-1", "CreateSecret");
        Assert.Equal(25, create.PerSecond);
        Assert.Equal(20_000, rates.For("", "us-east-1", "DescribeSecret").PerSecond);
        Assert.Same(create, rates.For("", "us-east-1", "CreateSecret"));
        Assert.NotSame(create, rates.For("", "eu-west-1", "CreateSecret"));
        Assert.NotSame(create, rates.For("111122223333", "us-east-1", "CreateSecret"));
        Assert.NotSame(create, rates.For("", "us-east-1", "UpdateSecret"));
        Assert.Same(rates.For("", "us-east-1", "TagResource"), rates.For("", "us-east-1", "UntagResource"));
        Assert.Throws<ArgumentException>(() => rates.For("", "us-east-1", "GetSecretValue"));
    }

    [Fact]
    public async Task Thousands_of_accounts_leave_no_more_than_a_few_hundred_rates_and_none_in_use_is_lost()
    {
        var time = new SignallingTime();
        var rates = new CallRates(0.5, time);
        var used = rates.For("busy", "us-east-1", "CreateSecret");
        await used.WaitAsync(Stop);

        for (var i = 0; i < 6_000; i++)
            rates.For($"{i:D12}", "us-east-1", "CreateSecret");

        Assert.InRange(rates.Count, 1, 256);
        Assert.Same(used, rates.For("busy", "us-east-1", "CreateSecret"));
    }
}
