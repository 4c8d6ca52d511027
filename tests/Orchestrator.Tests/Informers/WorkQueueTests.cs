using System.Collections.Concurrent;
using System.Threading.Channels;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

public sealed partial class WorkQueueTests : IAsyncDisposable
{
    private readonly SignallingTime time = new();
    private readonly Channel<Run> runs = Channel.CreateUnbounded<Run>();
    private readonly ConcurrentQueue<(ObjectKey Key, Exception Failure)> failures = new();
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource abort = new();
    private readonly WorkQueue queue;
    private double jitter;
    private Task running = Task.CompletedTask;

    public WorkQueueTests() => queue = new(time, () => jitter, (key, failure) => failures.Enqueue((key, failure)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await abort.CancelAsync();
        while (runs.Reader.TryRead(out var left))
            left.Finish();
        await running;
        stop.Dispose();
        abort.Dispose();
    }

    private static ObjectKey Key(string name) => new("default", name);

    /// <summary>Starts the queue with work that the test completes, one run at a time.</summary>
    private void Start(int workers) => running = queue.Run(
        workers,
        async (key, cancellation) =>
        {
            var run = new Run(key);
            runs.Writer.TryWrite(run);
            await run.End.Task.WaitAsync(cancellation);
        },
        stop.Token,
        abort.Token);

    private Task<Run> Next() => runs.Next();

    private async Task<string> NextAndFinish()
    {
        var run = await Next();
        run.Finish();
        return run.Key.Name;
    }

    [Fact]
    public void A_dropped_key_leaves_no_delay_behind()
    {
        queue.AddAfter(Key("a"), TimeSpan.FromDays(90));
        queue.AddAfter(Key("b"), TimeSpan.FromDays(90));

        queue.Drop(Key("a"));
        time.Advance(TimeSpan.FromDays(89));

        Assert.Equal((1, true), (queue.Delayed, queue.IsIdle));
    }

    [Fact]
    public async Task A_key_is_queued_once_and_in_order_of_arrival()
    {
        foreach (var name in (string[])["a", "b", "a", "c", "b"])
            queue.Add(Key(name));
        Start(1);

        Assert.Equal("a", await NextAndFinish());
        Assert.Equal("b", await NextAndFinish());
        Assert.Equal("c", await NextAndFinish());
        await queue.WhenIdle().Soon();
        Assert.False(runs.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_key_added_during_its_work_is_queued_behind_the_others_and_never_runs_twice_at_once()
    {
        Start(3);
        queue.Add(Key("a"));
        var first = await Next();
        queue.Add(Key("a"));
        queue.Add(Key("a"));
        queue.Add(Key("b"));

        var other = await Next();
        Assert.Equal("b", other.Key.Name);
        Assert.False(runs.Reader.TryRead(out _));

        first.Finish();
        Assert.Equal("a", await NextAndFinish());
        other.Finish();
        await queue.WhenIdle().Soon();
        Assert.False(runs.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_slow_key_does_not_delay_others()
    {
        Start(2);
        queue.Add(Key("slow"));
        var slow = await Next();
        for (var i = 0; i < 10; i++)
            queue.Add(Key($"a{i}"));

        for (var i = 0; i < 10; i++)
            Assert.Equal($"a{i}", await NextAndFinish());
        slow.Finish();
        await queue.WhenIdle().Soon();
    }

    [Fact]
    public async Task Work_that_blocks_its_thread_does_not_delay_other_workers()
    {
        using var gate = new ManualResetEventSlim();
        var done = Channel.CreateUnbounded<string>();
        queue.Add(Key("blocks"));
        queue.Add(Key("other"));
        running = queue.Run(
            2,
            (key, _) =>
            {
                if (key.Name == "blocks")
                    gate.Wait(Cancellation);
                done.Writer.TryWrite(key.Name);
                return Task.CompletedTask;
            },
            stop.Token);

        Assert.Equal("other", await done.Next());
        gate.Set();
        Assert.Equal("blocks", await done.Next());
    }

    [Fact]
    public async Task A_queue_is_idle_when_no_key_is_ready_or_running()
    {
        Assert.True(queue.IsIdle);
        Assert.True(queue.WhenIdle().IsCompletedSuccessfully);

        queue.AddAfter(Key("later"), TimeSpan.FromHours(1));
        Assert.True(queue.IsIdle);

        queue.Add(Key("a"));
        var idle = queue.WhenIdle();
        Assert.False(queue.IsIdle);
        Assert.False(idle.IsCompleted);

        Start(1);
        var run = await Next();
        Assert.False(queue.IsIdle);
        Assert.False(idle.IsCompleted);

        queue.Add(Key("a"));
        run.Finish();
        var again = await Next();
        Assert.False(idle.IsCompleted);

        again.Finish();
        await idle.Soon();
        Assert.True(queue.IsIdle);
    }

    [Fact]
    public async Task A_stopped_queue_starts_no_key_and_waits_for_running_ones()
    {
        Start(1);
        queue.Add(Key("a"));
        queue.Add(Key("b"));
        var run = await Next();

        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        run.Finish();

        await running.Soon();
        Assert.False(runs.Reader.TryRead(out _));
        Assert.False(queue.IsIdle);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task An_idle_queue_ends_when_it_is_stopped()
    {
        Start(4);

        await stop.CancelAsync();

        await running.Soon();
    }

    [Fact]
    public async Task An_aborted_queue_cancels_running_keys_and_ends()
    {
        Start(2);
        queue.Add(Key("a"));
        queue.Add(Key("b"));
        await Next();
        await Next();
        queue.Add(Key("c"));

        await abort.CancelAsync();

        await running.Soon();
        Assert.Empty(failures);
        Assert.Equal(0, queue.Delayed);
        Assert.False(runs.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_queue_without_workers_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => queue.Run(0, (_, _) => Task.CompletedTask, Cancellation));

    [Fact]
    public async Task Keys_added_by_many_threads_all_run_and_none_twice_at_once()
    {
        const int Keys = 7;
        var wanted = new int[Keys];
        var seen = new int[Keys];
        var inside = new int[Keys];
        var overlaps = 0;
        running = queue.Run(
            4,
            async (key, _) =>
            {
                var index = int.Parse(key.Name, System.Globalization.CultureInfo.InvariantCulture);
                if (Interlocked.Increment(ref inside[index]) > 1)
                    Interlocked.Increment(ref overlaps);
                var value = Volatile.Read(ref wanted[index]);
                await Task.Yield();
                seen[index] = value;
                Interlocked.Decrement(ref inside[index]);
            },
            stop.Token);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(
            () =>
            {
                for (var i = 0; i < 2_000; i++)
                {
                    var index = (i + t) % Keys;
                    Interlocked.Increment(ref wanted[index]);
                    queue.Add(new(null, $"{index}"));
                }
            },
            Cancellation)));
        await queue.WhenIdle().Soon();

        Assert.Equal(0, overlaps);
        Assert.Equal(wanted, seen);
        Assert.Empty(failures);
    }

    private sealed record Run(ObjectKey Key)
    {
        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Finish() => End.TrySetResult();
    }
}
