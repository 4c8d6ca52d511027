using System.Diagnostics.Metrics;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.Tests.Informers;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Runtime;

public sealed class BackgroundLoopTests : IDisposable
{
    private readonly SignallingTime time = new();
    private readonly TestLog log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => log.Dispose();

    [Fact]
    public async Task A_loop_that_fails_is_logged_counted_and_restarted_with_growing_delays()
    {
        var name = nameof(A_loop_that_fails_is_logged_counted_and_restarted_with_growing_delays);
        var failures = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "dorch.loop.failures")
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("loop", name)))
                Interlocked.Add(ref failures, count);
        });
        listener.Start();
        var runs = 0;

        var running = BackgroundLoop.Run(
            name, _ => ++runs <= 3 ? Task.FromException(new InvalidOperationException($"failure {runs}")) : Task.CompletedTask, time, log, Stop);
        foreach (var seconds in (int[])[1, 2, 4])
            Assert.Equal(TimeSpan.FromSeconds(seconds), await time.PassNextTimer());
        await running.Soon();

        Assert.Equal((4, 3L), (runs, Interlocked.Read(ref failures)));
        Assert.Equal(3, log.Lines.Count);
        Assert.All(log.Lines, line => Assert.StartsWith($"Error: The loop {name} failed and restarts in ", line, StringComparison.Ordinal));
        Assert.Contains(log.Details, d => d.Contains("failure 3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loop_that_ran_for_long_is_restarted_soon()
    {
        var runs = 0;
        var running = BackgroundLoop.Run("test", _ =>
        {
            if (++runs > 3)
                return Task.CompletedTask;
            time.Advance(TimeSpan.FromMinutes(1));
            throw new InvalidOperationException("as scripted");
        }, time, log, Stop);
        for (var i = 0; i < 3; i++)
            Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        await running.Soon();
    }

    [Fact]
    public async Task A_stopped_loop_ends_without_a_failure()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = BackgroundLoop.Run("test", token => Task.Delay(Timeout.InfiniteTimeSpan, time, token), time, log, stop.Token);
        await stop.CancelAsync();
        await running.Soon();
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_loop_is_stopped_while_it_waits_for_its_restart()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = BackgroundLoop.Run("test", _ => throw new InvalidOperationException("as scripted"), time, log, stop.Token);
        await time.NextTimer();
        await stop.CancelAsync();
        await running.Soon();
        Assert.Single(log.Lines);
    }
}
