using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>The workers of a queue, and who has them. Guarded by the queue.</summary>
/// <param name="workers">How many there are.</param>
/// <param name="work">What they do.</param>
/// <param name="stop">Begin nothing new.</param>
/// <param name="abort">Break off what was begun, and begin nothing new.</param>
internal sealed class WorkerPool(int workers, Func<ObjectKey, CancellationToken, Task> work, CancellationToken stop, CancellationToken abort)
{
    // Work that has waited and wants a worker again. It comes before keys that are not begun; of each namespace there are at most as many as workers.
    private readonly Queue<KeyRun> returning = new();
    private readonly Dictionary<string, int> begun = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Work belongs to no other work: neither to the trace nor to the namespace of whoever added its key.
    private readonly ExecutionContext context = ExecutionContext.Capture()!;
    private readonly int most = workers;
    private int free = workers;

    /// <summary>Ends when it is stopped and what was begun has ended.</summary>
    public Task Ended => ended.Task;

    /// <summary>What the workers do.</summary>
    public Func<ObjectKey, CancellationToken, Task> Work => work;

    /// <summary>Breaks the work off.</summary>
    public CancellationToken Abort => abort;

    private bool IsEnding => stop.IsCancellationRequested || abort.IsCancellationRequested;

    /// <summary>Gives free workers to work that has waited.</summary>
    /// <returns>Whether one is left to begin with a key.</returns>
    public bool IsFree()
    {
        while (free > 0 && returning.TryDequeue(out var waited))
        {
            if (waited.TakeWorker())
                free--;
        }

        return free > 0 && !IsEnding;
    }

    /// <summary>Whether a namespace may have one more key begun: those that wait keep no worker, but cost memory.</summary>
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

    /// <summary>A run has waited.</summary>
    /// <returns>Ends when it may go on.</returns>
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

    /// <summary>Ends <see cref="Ended"/> where it is stopped and nothing is left.</summary>
    public void EndIfDone()
    {
        if (begun.Count == 0 && IsEnding)
            ended.TrySetResult();
    }
}
