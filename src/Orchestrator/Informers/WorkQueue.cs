using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// Keys of resources to reconcile. A key is queued once, however often it is added, and one worker at a time works on it; a key added meanwhile is queued
/// again. Namespaces are served in turn; within one, first in, first out.
/// </summary>
/// <remarks>
/// The semantics of client-go's workqueue, https://pkg.go.dev/k8s.io/client-go/util/workqueue, plus fairness among namespaces: work that only waits lends its
/// worker (<see cref="CurrentWork"/>), and no namespace has more keys in progress than there are workers.
/// </remarks>
internal sealed class WorkQueue
{
    /// <summary>The first delay of <see cref="Retry"/>, before jitter.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay of <see cref="Retry"/>.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Turns<ObjectKey> ready = new();

    private readonly HashSet<ObjectKey> waiting = [];
    private readonly HashSet<ObjectKey> running = [];
    private readonly KeyDelays delays;
    private readonly Dictionary<ObjectKey, int> failures = [];
    private readonly Func<double> jitter;
    private readonly Action<ObjectKey, Exception> failed;
    private TaskCompletionSource idle = IdleNow();
    private WorkerPool? pool;

    /// <param name="time">The clock of delays.</param>
    /// <param name="jitter">Returns a new random number in [0, 1) at each call.</param>
    /// <param name="failed">Gets every exception of the work, before the key is retried.</param>
    public WorkQueue(TimeProvider time, Func<double> jitter, Action<ObjectKey, Exception> failed)
    {
        (this.jitter, this.failed) = (jitter, failed);
        delays = new(time, EndDelay);
    }

    /// <summary>Whether no key is ready or in progress. Delayed keys do not count.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
                return waiting.Count == 0 && running.Count == 0;
        }
    }

    /// <summary>How many keys are ready or in progress.</summary>
    public int Length
    {
        get
        {
            lock (gate)
                return waiting.Count + running.Count;
        }
    }

    /// <summary>How many keys are delayed.</summary>
    public int Delayed
    {
        get
        {
            lock (gate)
                return delays.Count;
        }
    }

    /// <summary>Completes when the queue is idle. It may be busy again by the time the caller runs.</summary>
    public Task WhenIdle()
    {
        lock (gate)
            return idle.Task;
    }

    /// <summary>Adds the key unless it is queued.</summary>
    public void Add(ObjectKey key)
    {
        lock (gate)
        {
            if (!waiting.Add(key))
                return;
            if (idle.Task.IsCompleted)
                idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!running.Contains(key))
                ready.Add(KeyRun.NamespaceOf(key), key);
            Assign();
        }
    }

    /// <summary>Adds the key after a delay. Of several delays of a key the one that ends first counts.</summary>
    public void AddAfter(ObjectKey key, TimeSpan after)
    {
        if (after <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (gate)
            delays.Start(key, after);
    }

    /// <summary>
    /// Adds the key after a delay that doubles each time, from <see cref="FirstRetry"/> to <see cref="LongestRetry"/>, until <see cref="Forget"/>. Jitter
    /// shortens it by up to half, so that keys that failed together are not retried together.
    /// </summary>
    /// <returns>The delay.</returns>
    public TimeSpan Retry(ObjectKey key)
    {
        int earlier;
        lock (gate)
        {
            earlier = failures.GetValueOrDefault(key);
            failures[key] = earlier + 1;
        }

        var delay = ExponentialBackoff.Delay(earlier, FirstRetry, LongestRetry) * (1 - jitter() / 2);
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>Resets the delay of <see cref="Retry"/>. A running delay continues.</summary>
    public void Forget(ObjectKey key)
    {
        lock (gate)
            failures.Remove(key);
    }

    /// <summary>Drops the key's retry state and its delay, for a resource that is gone. A queued key is still worked on.</summary>
    public void Drop(ObjectKey key)
    {
        lock (gate)
        {
            failures.Remove(key);
            delays.Drop(key);
        }
    }

    /// <summary>Runs once until stopped; then no new work begins, and it completes when running work has ended.</summary>
    /// <param name="workers">How many keys are worked on at the same time, at least 1.</param>
    /// <param name="work">The work. Its exceptions go to the callback, and the key is retried.</param>
    /// <param name="stop">Begin no new work.</param>
    /// <param name="abort">Passed to the work: cancel running work, and begin none.</param>
    public async Task Run(int workers, Func<ObjectKey, CancellationToken, Task> work, CancellationToken stop, CancellationToken abort = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        var started = new WorkerPool(workers, work, stop, abort);
        lock (gate)
        {
            pool = started;
            Assign();
        }

        await using (end.Token.Register(EndIfDone))
            await started.Ended;
    }

    private void Assign()
    {
        while (pool?.IsFree() == true && ready.TryTake(out var key, pool.MayBegin))
        {
            waiting.Remove(key);
            running.Add(key);
            pool.Begin(new(key), run => Work(run, pool));
        }
    }

    private async Task Work(KeyRun run, WorkerPool pool)
    {
        new CurrentWork(run.Namespace, waiting => LendWorker(run, waiting, pool)).Begin();
        try
        {
            await pool.Work(run.Key, pool.Abort);
        }
        catch (OperationCanceledException) when (pool.Abort.IsCancellationRequested)
        {
            // Cancelled, as requested.
        }
#pragma warning disable CA1031 // Whatever goes wrong with one key must not end the work on the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // A failing log must not end the retries.
            try
            {
                failed(run.Key, e);
            }
            finally
            {
                Retry(run.Key);
            }
        }
        finally
        {
            Finish(run, pool);
        }
    }

    private async Task LendWorker(KeyRun run, Task waiting, WorkerPool pool)
    {
        lock (gate)
        {
            pool.Leave(run);
            Assign();
        }

        var back = Task.CompletedTask;
        try
        {
            await waiting;
        }
        finally
        {
            lock (gate)
            {
                back = pool.Return(run);
                Assign();
            }
        }

        await back.WaitAsync(pool.Abort);
    }

    private void Finish(KeyRun run, WorkerPool pool)
    {
        lock (gate)
        {
            running.Remove(run.Key);
            pool.End(run);
            if (waiting.Contains(run.Key))
                ready.Add(run.Namespace, run.Key);
            else if (waiting.Count == 0 && running.Count == 0)
                idle.TrySetResult();
            Assign();
            pool.EndIfDone();
        }
    }

    private void EndIfDone()
    {
        lock (gate)
            pool?.EndIfDone();
    }

    private void EndDelay(ObjectKey key, object delay)
    {
        lock (gate)
        {
            if (delays.End(key, delay))
                Add(key);
        }
    }

    private static TaskCompletionSource IdleNow()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
