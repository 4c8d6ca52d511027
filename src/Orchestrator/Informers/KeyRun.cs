using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// The work on one key, and whether it has a worker: not while one of its calls waits for something that takes no worker. Calls may wait side by side; the
/// worker comes back when none does. Guarded by its queue.
/// </summary>
internal sealed class KeyRun(ObjectKey key)
{
    private TaskCompletionSource? back;
    private int away;
    private bool isEnded;

    /// <summary>The key.</summary>
    public ObjectKey Key => key;

    /// <summary>On whose behalf it is done.</summary>
    public string Namespace => NamespaceOf(key);

    /// <summary>The namespace of a key; empty for a cluster-scoped one.</summary>
    public static string NamespaceOf(ObjectKey key) => key.Namespace ?? "";

    /// <summary>Whether it occupies a worker.</summary>
    public bool HasWorker { get; private set; } = true;

    /// <summary>A call begins to wait.</summary>
    /// <returns>Whether the worker is free from now on.</returns>
    public bool Leave()
    {
        away++;
        var isFreed = HasWorker;
        HasWorker = false;
        return isFreed;
    }

    /// <summary>A call has waited.</summary>
    /// <param name="isAsked">Whether the queue is to give it a worker: the first such call asks.</param>
    /// <returns>Ends when the call may go on.</returns>
    public Task Return(out bool isAsked)
    {
        away--;
        isAsked = away == 0 && !HasWorker && back is null;
        if (isAsked)
            back = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return away == 0 && back is not null ? back.Task : Task.CompletedTask;
    }

    /// <summary>The queue has a worker for it.</summary>
    /// <returns>Whether it takes the worker: not where it has ended, or waits again.</returns>
    public bool TakeWorker()
    {
        back?.TrySetResult();
        back = null;
        HasWorker = away == 0 && !isEnded;
        return HasWorker;
    }

    /// <summary>The work has ended.</summary>
    /// <returns>Whether a worker is free from now on.</returns>
    public bool End()
    {
        isEnded = true;
        var isFreed = HasWorker;
        HasWorker = false;
        return isFreed;
    }
}
