using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>The workers of a queue, and the runs that occupy them. Guarded by the queue.</summary>
/// <param name="workers">The number of workers.</param>
/// <param name="work">What they do.</param>
/// <param name="stop">Begin no new work.</param>
/// <param name="abort">Cancel running work, and begin none.</param>
internal sealed class WorkerPool(int workers, Func<ObjectKey, CancellationToken, Task> work, CancellationToken stop, CancellationToken abort)
{
    // Runs that have waited and need a worker again. They come before new keys; each namespace has at most as many as there are workers.
    private readonly Queue<KeyRun> returning = new();
    private readonly Dictionary<string, int> begun = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A run is detached from the trace and the namespace of the code that added its key.
    private readonly ExecutionContext context = ExecutionContext.Capture()!;
    private readonly int most = workers;
    private int free = workers;

    /// <summary>Completes when it is stopped and running work has ended.</summary>
    public Task Ended => ended.Task;

    /// <summary>What the workers do.</summary>
    public Func<ObjectKey, CancellationToken, Task> Work => work;

    /// <summary>Cancels the work.</summary>
    public CancellationToken Abort => abort;

    private bool IsEnding => stop.IsCancellationRequested || abort.IsCancellationRequested;

    /// <summary>Gives free workers to runs that have waited.</summary>
    /// <returns>Whether a worker is left for a new key.</returns>
    public bool IsFree()
    {
        while (free > 0 && returning.TryDequeue(out var waited))
        {
            if (waited.TakeWorker())
                free--;
        }

        return free > 0 && !IsEnding;
    }

    /// <summary>Whether a namespace may begin one more key: a waiting run occupies no worker, but costs memory.</summary>
    public bool MayBegin(string @namespace) => begun.GetValueOrDefault(@namespace) < most;

    /// <summary>Begins.</summary>
    public void Begin(KeyRun run, Func<KeyRun, Task> start)
    {
        free--;
        begun[run.Namespace] = begun.GetValueOrDefault(run.Namespace) + 1;
        ThreadPool.UnsafeQueueUserWorkItem(_ => ExecutionContext.Run(context, _ => _ = start(run), null), null);
    }

    /// <summary>A run lends its worker.</summary>
    public void Leave(KeyRun run)
    {
        if (run.Leave())
            free++;
    }

    /// <summary>A run ends its wait.</summary>
    /// <returns>Completes when it may continue.</returns>
    public Task Return(KeyRun run)
    {
        var back = run.Return(out var isAsked);
        if (isAsked)
            returning.Enqueue(run);
        return back;
    }

    /// <summary>A run has ended.</summary>
    public void End(KeyRun run)
    {
        if (run.End())
            free++;
        if (--begun[run.Namespace] == 0)
            begun.Remove(run.Namespace);
    }

    /// <summary>Completes <see cref="Ended"/> once it is stopped and nothing is running.</summary>
    public void EndIfDone()
    {
        if (begun.Count == 0 && IsEnding)
            ended.TrySetResult();
    }
}
