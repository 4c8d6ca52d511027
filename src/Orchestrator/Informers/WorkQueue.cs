using System.Threading.Channels;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// Keys of resources to look at. A key is in it once, however often it is added, and is worked on by one worker at a time; one that is added while
/// it is worked on comes again at the end of the queue. First in, first out.
/// </summary>
/// <param name="time">The time of delays.</param>
/// <param name="jitter">A number in [0, 1), another each time.</param>
/// <param name="failed">Told of every exception from the work, before the key is tried again.</param>
/// <remarks>The semantics are those of client-go's workqueue, https://pkg.go.dev/k8s.io/client-go/util/workqueue.</remarks>
internal sealed class WorkQueue(TimeProvider time, Func<double> jitter, Action<ObjectKey, Exception> failed)
{
    /// <summary>The first delay of <see cref="Retry"/>, before jitter.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay of <see cref="Retry"/>.</summary>
    public static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Channel<ObjectKey> ready = Channel.CreateUnbounded<ObjectKey>();
    private readonly HashSet<ObjectKey> waiting = [];
    private readonly HashSet<ObjectKey> running = [];
    private readonly Dictionary<ObjectKey, Delay> delays = [];
    private readonly Dictionary<ObjectKey, int> failures = [];
    private TaskCompletionSource idle = IdleNow();

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
                ready.Writer.TryWrite(key);
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
        {
            // Elapsed time, so that a step of the clock changes no order.
            var due = LongTimer.Sum(time.GetElapsedTime(0), after);
            if (delays.TryGetValue(key, out var earlier))
            {
                if (earlier.Due <= due)
                    return;
                earlier.Timer?.Dispose();
            }

            var delay = new Delay(due);
            delays[key] = delay;
            delay.Timer = new(time, after, () => End(key, delay));
        }
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
            if (delays.Remove(key, out var delay))
                delay.Timer?.Dispose();
        }
    }

    /// <summary>Works until stopped; then nothing new is begun, and it ends when what was begun has ended.</summary>
    /// <param name="workers">How many keys are worked on at once, at least 1.</param>
    /// <param name="work">The work. The callback gets what it throws, and the key is retried.</param>
    /// <param name="stop">Begin nothing new.</param>
    /// <param name="abort">Handed to the work: break off what was begun, and begin nothing new.</param>
    public async Task Run(int workers, Func<ObjectKey, CancellationToken, Task> work, CancellationToken stop, CancellationToken abort = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, abort);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => Worker(work, stop, abort, end.Token), CancellationToken.None)));
    }

    private async Task Worker(Func<ObjectKey, CancellationToken, Task> work, CancellationToken stop, CancellationToken abort, CancellationToken end)
    {
        try
        {
            while (await ready.Reader.WaitToReadAsync(end))
            {
                // Both by themselves: what joins them is told later than the work is.
                while (!stop.IsCancellationRequested && !abort.IsCancellationRequested && TryBegin(out var key))
                {
                    try
                    {
                        await work(key, abort);
                    }
                    catch (OperationCanceledException) when (abort.IsCancellationRequested)
                    {
                        // Broken off, as asked.
                    }
#pragma warning disable CA1031 // Whatever goes wrong with one key must not end the work on the others.
                    catch (Exception e)
#pragma warning restore CA1031
                    {
                        failed(key, e);
                        Retry(key);
                    }
                    finally
                    {
                        Finish(key);
                    }
                }

                stop.ThrowIfCancellationRequested();
                abort.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private bool TryBegin(out ObjectKey key)
    {
        lock (gate)
        {
            if (!ready.Reader.TryRead(out key))
                return false;
            waiting.Remove(key);
            running.Add(key);
            return true;
        }
    }

    private void Finish(ObjectKey key)
    {
        lock (gate)
        {
            running.Remove(key);
            if (waiting.Contains(key))
                ready.Writer.TryWrite(key);
            else if (waiting.Count == 0 && running.Count == 0)
                idle.TrySetResult();
        }
    }

    private void End(ObjectKey key, Delay delay)
    {
        lock (gate)
        {
            // Another delay may have taken its place while the timer was on its way here.
            if (!delays.TryGetValue(key, out var current) || current != delay)
                return;
            delays.Remove(key);
            delay.Timer?.Dispose();
            Add(key);
        }
    }

    private static TaskCompletionSource IdleNow()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }

    private sealed class Delay(TimeSpan due)
    {
        public TimeSpan Due => due;

        public LongTimer? Timer { get; set; }
    }
}
