using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Informers;

/// <summary>The keys of one namespace do not keep those of another waiting.</summary>
public sealed partial class WorkQueueTests
{
    [Fact]
    public async Task Namespaces_are_served_in_turn_and_each_in_order_of_arrival()
    {
        foreach (var name in (string[])["a1", "a2", "a3", "a4"])
            queue.Add(new("a", name));
        foreach (var name in (string[])["b1", "b2"])
            queue.Add(new("b", name));
        queue.Add(new(null, "cluster"));
        Start(1);

        foreach (var name in (string[])["a1", "b1", "cluster", "a2", "b2", "a3", "a4"])
            Assert.Equal(name, await NextAndFinish());
    }

    [Fact]
    public async Task A_key_that_waits_lends_its_worker_and_gets_one_back()
    {
        var (turn, resumed) = (new TaskCompletionSource(), new TaskCompletionSource());
        queue.Add(new("a", "waits"));
        queue.Add(new("b", "other"));
        running = queue.Run(
            1,
            async (key, cancellation) =>
            {
                var run = new Run(key);
                runs.Writer.TryWrite(run);
                if (key.Name == "waits")
                {
                    await CurrentWork.Now!.LendWorker(turn.Task);
                    resumed.SetResult();
                }

                await run.End.Task.WaitAsync(cancellation);
            },
            stop.Token,
            abort.Token);
        var waits = await Next();

        var other = await Next();
        Assert.Equal(("waits", "other", 2), (waits.Key.Name, other.Key.Name, queue.Length));
        turn.SetResult();
        queue.Add(new("c", "late"));
        Assert.False(resumed.Task.IsCompleted);

        other.Finish();
        await resumed.Task.Soon();
        Assert.False(runs.Reader.TryRead(out _));
        waits.Finish();
        Assert.Equal("late", await NextAndFinish());
    }

    [Fact]
    public async Task A_key_whose_calls_wait_concurrently_has_no_worker_until_all_waits_end()
    {
        TaskCompletionSource[] turns = [new(), new()];
        var resumed = new TaskCompletionSource();
        queue.Add(new("a", "waits"));
        queue.Add(new("b", "first"));
        queue.Add(new("b", "second"));
        running = queue.Run(
            1,
            async (key, cancellation) =>
            {
                var run = new Run(key);
                runs.Writer.TryWrite(run);
                if (key.Name == "waits")
                {
                    await Task.WhenAll(turns.Select(turn => CurrentWork.Now!.LendWorker(turn.Task)));
                    resumed.SetResult();
                }

                await run.End.Task.WaitAsync(cancellation);
            },
            stop.Token,
            abort.Token);
        await Next();

        turns[0].SetResult();
        Assert.Equal("first", await NextAndFinish());
        var second = await Next();
        turns[1].SetResult();
        Assert.False(resumed.Task.IsCompleted);
        second.Finish();
        await resumed.Task.Soon();
    }

    [Fact]
    public async Task A_namespace_has_no_more_keys_in_progress_than_there_are_workers()
    {
        for (var i = 0; i < 5; i++)
            queue.Add(new("a", $"a{i}"));
        running = queue.Run(
            2,
            async (key, cancellation) =>
            {
                var run = new Run(key);
                runs.Writer.TryWrite(run);
                await CurrentWork.Now!.LendWorker(run.End.Task.WaitAsync(cancellation));
            },
            stop.Token,
            abort.Token);
        var (first, second) = (await Next(), await Next());
        queue.Add(new("b", "b0"));

        Assert.Equal(["a0", "a1"], new[] { first.Key.Name, second.Key.Name }.Order());
        Assert.Equal("b0", (await Next()).Key.Name);
        Assert.False(runs.Reader.TryRead(out _));
        first.Finish();
        Assert.Equal("a2", (await Next()).Key.Name);
    }

    [Fact]
    public async Task A_stopped_queue_still_gives_workers_to_keys_in_progress()
    {
        var turn = new TaskCompletionSource();
        queue.Add(new("a", "waits"));
        running = queue.Run(1, (_, _) => CurrentWork.Now!.LendWorker(turn.Task), stop.Token, abort.Token);
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);

        turn.SetResult();

        await running.Soon();
        Assert.Empty(failures);
    }

    [Fact]
    public async Task A_failed_wait_is_reported_to_the_work_and_costs_no_worker()
    {
        var turn = new TaskCompletionSource();
        queue.Add(new("a", "waits"));
        running = queue.Run(
            1,
            async (key, _) =>
            {
                runs.Writer.TryWrite(new(key));
                if (key.Name == "waits")
                    await CurrentWork.Now!.LendWorker(turn.Task);
            },
            stop.Token,
            abort.Token);
        await Next();
        var failure = new InvalidOperationException("as scripted");
        turn.SetException(failure);
        queue.Add(new("a", "next"));

        Assert.Equal("next", (await Next()).Key.Name);
        await queue.WhenIdle().Soon();
        Assert.Equal([(new ObjectKey("a", "waits"), failure)], failures);
    }
}
