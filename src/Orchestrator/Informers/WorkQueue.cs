using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// Keys of resources to look at. A key is in it once, however often it is added, and is worked on by one worker at a time; one that is added while
/// it is worked on comes again at the end of the queue. Namespaces are served in turn; first in, first out within one.
/// </summary>
/// <remarks>
/// The semantics are those of client-go's workqueue, https://pkg.go.dev/k8s.io/client-go/util/workqueue, with fairness among namespaces on top: work that only
/// waits lends its worker (<see cref="CurrentWork"/>), and no namespace has more keys begun than there are workers.
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

    /// <param name="time">The time of delays.</param>
    /// <param name="jitter">A number in [0, 1), another each time.</param>
    /// <param name="failed">Gets every exception from the work, before the key is tried again.</param>
    public WorkQueue(TimeProvider time, Func<double> jitter, Action<ObjectKey, Exception> failed)
    {
        (this.jitter, this.failed) = (jitter, failed);
        delays = new(time, EndDelay);
    }

    /// <summary>Whether nothing is ready and nothing is worked on. Delayed keys do not count.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
                return waiting.Count == 0 && running.Count == 0;
        }
    }

    /// <summary>How many keys are ready or worked on.</summary>
    public int Length
    {
        get
        {
            lock (gate)
                return waiting.Count + running.Count;
        }
    }

    /// <summary>How many keys have a delay running.</summary>
    public int Delayed
    {
        get
        {
            lock (gate)
                return delays.Count;
        }
    }

    /// <summary>Ends when the queue is idle, at once where it is. It may be busy again by the time the caller runs.</summary>
    public Task WhenIdle()
    {
        lock (gate)
            return idle.Task;
    }

    /// <summary>Adds the key, unless it is there.</summary>
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

    /// <summary>Adds the key after a delay. Of several delays of a key the one that is over first counts.</summary>
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
    /// Adds the key after a delay that doubles each time, from <see cref="FirstRetry"/> to <see cref="LongestRetry"/>, until <see cref="Forget"/>.
    /// Jitter takes up to half of it off, so that keys that failed together are not tried together.
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

    /// <summary>Resets the delays of <see cref="Retry"/> to the first. A delay that is running continues.</summary>
    public void Forget(ObjectKey key)
    {
        lock (gate)
            failures.Remove(key);
    }

    /// <summary>Forgets the key and its delay: there is nothing any more to look at. One that was added comes all the same.</summary>
    public void Drop(ObjectKey key)
    {
        lock (gate)
        {
            failures.Remove(key);
            delays.Drop(key);
        }
    }

    /// <summary>Works once, until stopped; then nothing new is begun, and it ends when what was begun has ended.</summary>
    /// <param name="workers">How many keys are worked on at once, at least 1.</param>
    /// <param name="work">The work. The callback gets what it throws, and the key is retried.</param>
    /// <param name="stop">Begin nothing new.</param>
    /// <param name="abort">Handed to the work: break off what was begun, and begin nothing new.</param>
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
            // Broken off, as asked.
        }
#pragma warning disable CA1031 // Whatever goes wrong with one key must not end the work on the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // A log that fails must not end the retries.
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
