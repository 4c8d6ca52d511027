using System.Text.Json.Nodes;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Tests.Informers;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Kubernetes;

public sealed partial class LeaderElectionTests
{
    private static readonly ObjectKey Key = new("default", "dorch-operator");
    private static readonly ResourceType Lease = new("coordination.k8s.io", "v1", "Lease");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryResourceStore store;
    private int uids;

    public LeaderElectionTests() => store = new(time, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_replica_leads_at_once_and_the_second_waits()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        await using var second = new Contender(this, "second");
        await second.Waiting();
        Assert.True(first.Election.IsLeading);
        Assert.False(second.Election.IsLeading);
        Assert.Equal("first", second.Election.Leader);
        var spec = (await Read())["spec"]!;
        Assert.Equal(("first", 15, 0), ((string?)spec["holderIdentity"], (int)spec["leaseDurationSeconds"]!, (int)spec["leaseTransitions"]!));
        Assert.Equal("2026-01-01T00:00:00.000000Z", (string?)spec["renewTime"]);
    }

    [Fact]
    public async Task A_replica_that_cannot_read_the_Lease_does_not_know_the_leader()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        await using var second = new Contender(this, "second");
        await second.Waiting();
        Assert.True(second.Election.HasObserved);
        second.Cut();
        await Pass(TimeSpan.FromSeconds(15), first, second);
        Assert.True(second.Election.HasObserved);
        await Pass(TimeSpan.FromSeconds(3), first, second);
        Assert.False(second.Election.HasObserved);
    }

    [Fact]
    public async Task A_leader_that_renews_its_Lease_stays_leader()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        await using var second = new Contender(this, "second");
        await second.Waiting();
        for (var i = 0; i < 60; i++)
        {
            await Pass(TimeSpan.FromSeconds(2), first, second);
            Assert.True(first.Election.IsLeading);
        }

        Assert.False(second.Leading.IsCompleted);
        Assert.False(first.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_leader_that_stops_releases_the_Lease()
    {
        var first = new Contender(this, "first");
        await first.Leading;
        await using var second = new Contender(this, "second");
        await second.Waiting();
        await first.DisposeAsync();
        await Pass(TimeSpan.FromSeconds(2), second);
        await second.Leading;
        Assert.Equal("second", (string?)(await Read())["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_dead_leader_is_replaced_once_its_lease_expires()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        first.Cut();
        await using var second = new Contender(this, "second");
        await second.Waiting();
        for (var passed = 0; passed < 14; passed += 2)
        {
            await Pass(TimeSpan.FromSeconds(2), second);
            Assert.False(second.Leading.IsCompleted, $"after {passed} s");
        }

        await Pass(TimeSpan.FromSeconds(2), second);
        await Pass(TimeSpan.FromSeconds(2), second);
        await second.Leading;
        Assert.False(first.Election.IsLeading);
        Assert.Equal(1, (int)(await Read())["spec"]!["leaseTransitions"]!);
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_its_work_before_another_may_begin()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        first.Cut();
        for (var passed = 0; passed < 9; passed++)
        {
            await Pass(TimeSpan.FromSeconds(1), first);
            Assert.False(first.Lost.IsCompleted);
        }

        for (var passed = 9; passed < 14 && !first.Lost.IsCompleted; passed++)
            await Pass(TimeSpan.FromSeconds(1), first);
        await first.Lost;
        Assert.False(first.Election.IsLeading);
    }

    [Fact]
    public async Task A_write_waits_for_a_renewal_where_it_could_outlast_the_lease()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        await first.Election.WhenHeldFor(TimeSpan.FromSeconds(10), Stop);
        first.Cut();
        await Pass(TimeSpan.FromSeconds(6), first);
        var write = first.Election.WhenHeldFor(TimeSpan.FromSeconds(10), Stop);
        await first.Election.WhenHeldFor(TimeSpan.FromSeconds(8), Stop);
        Assert.False(write.IsCompleted);
        first.Mend();
        await Pass(TimeSpan.FromSeconds(2), first);
        await write;
    }

    // Like a stopped process: nothing of it runs while time passes, not even its timers.
    [Fact]
    public async Task A_process_suspended_past_its_lease_may_write_nothing()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        first.Freeze();
        await using var second = new Contender(this, "second");
        await second.Waiting();
        for (var passed = 0; passed < 18; passed += 2)
            await Pass(TimeSpan.FromSeconds(2), second);
        await second.Leading;

        using var woken = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var write = first.Election.WhenHeldFor(TimeSpan.Zero, woken.Token);
        Assert.False(first.Election.IsLeading);
        Assert.False(write.IsCompleted);
        first.Thaw();
        await first.Lost;
        Assert.False(write.IsCompleted);
        await woken.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task A_replica_that_lost_the_Lease_tries_to_get_it_again()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        first.Cut();
        for (var passed = 0; passed < 16; passed++)
            await Pass(TimeSpan.FromSeconds(1), first);
        await first.Lost;
        first.Mend();
        await Pass(TimeSpan.FromSeconds(3), first);
        await first.LeadingAgain;
        Assert.True(first.Election.IsLeading);
    }

    [Fact]
    public async Task A_Lease_that_was_deleted_is_created_again()
    {
        await using var first = new Contender(this, "first");
        await first.Leading;
        await store.Delete(Lease, Key, new(), Stop);
        await Pass(TimeSpan.FromSeconds(2), first);
        Assert.True(first.Election.IsLeading);
        Assert.Equal("first", (string?)(await Read())["spec"]!["holderIdentity"]);
    }

    [Theory]
    [InlineData(15, 10, 10)]
    [InlineData(15, 15, 2)]
    [InlineData(15, 10, 0)]
    [InlineData(15.5, 10, 2)]
    public async Task Lease_times_that_cannot_work_are_refused(double lease, double deadline, double retry)
    {
        var options = new LeaderElectionOptions
        {
            LeaseDuration = TimeSpan.FromSeconds(lease),
            RenewDeadline = TimeSpan.FromSeconds(deadline),
            RetryPeriod = TimeSpan.FromSeconds(retry),
        };
        var election = new LeaderElection(store, Key, "first", options, time, () => 0, new TestLog());
        await Assert.ThrowsAsync<InvalidOperationException>(() => election.Run(_ => Task.CompletedTask, Stop));
    }

    [Fact]
    public async Task A_leader_whose_work_fails_releases_the_Lease_and_leads_again()
    {
        var log = new TestLog();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var signalling = new SignallingTime();
        var election = new LeaderElection(store, Key, "first", new(), signalling, () => 0, log);
        var (terms, again) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var running = election.Run(async _ =>
        {
            if (++terms == 1)
                throw new InvalidOperationException("as scripted");
            again.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, signalling, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }, stop.Token);
        while (await signalling.NextTimer() != TimeSpan.FromSeconds(1))
        {
            // The timeout of the calls that take the Lease.
        }

        Assert.Equal("", (string?)(await Read())["spec"]!["holderIdentity"]);
        Assert.Contains(log.Lines, line => line.StartsWith("Error: The loop leader failed", StringComparison.Ordinal));
        signalling.Advance(TimeSpan.FromSeconds(1));
        await again.Task.Soon();
        Assert.Equal("first", (string?)(await Read())["spec"]!["holderIdentity"]);
        await stop.CancelAsync();
        await running.Soon();
    }

    private async Task<JsonObject> Read() => (await store.Get(Lease, Key, Stop))!;

    // Advances the clock, and waits until the awake contenders have done their work.
    private async Task Pass(TimeSpan by, params Contender[] awake)
    {
        time.Advance(by);
        foreach (var contender in awake)
            await contender.Waiting();
    }
}
