using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// The work on one key, and whether it occupies a worker: it does not while one of its calls waits for something that needs no worker. Several calls may wait
/// at the same time; the work gets a worker again when none does. Guarded by its queue.
/// </summary>
internal sealed class KeyRun(ObjectKey key)
{
    private TaskCompletionSource? back;
    private int away;
    private bool isEnded;

    /// <summary>The key.</summary>
    public ObjectKey Key => key;

    /// <summary>What the work is done for.</summary>
    public string Namespace => NamespaceOf(key);

    /// <summary>The namespace of a key; empty for a cluster-scoped one.</summary>
    public static string NamespaceOf(ObjectKey key) => key.Namespace ?? "";

    /// <summary>Whether it occupies a worker.</summary>
    public bool HasWorker { get; private set; } = true;

    /// <summary>A call begins to wait.</summary>
    /// <returns>Whether the worker becomes free.</returns>
    public bool Leave()
    {
        away++;
        var isFreed = HasWorker;
        HasWorker = false;
        return isFreed;
    }

    /// <summary>A call ends its wait.</summary>
    /// <param name="isAsked">Whether the queue must provide a worker: the first such call asks for it.</param>
    /// <returns>Completes when the call may continue.</returns>
    public Task Return(out bool isAsked)
    {
        away--;
        isAsked = away == 0 && !HasWorker && back is null;
        if (isAsked)
            back = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return away == 0 && back is not null ? back.Task : Task.CompletedTask;
    }

    /// <summary>The queue offers a worker.</summary>
    /// <returns>Whether the work takes it: not if it has ended, or waits again.</returns>
    public bool TakeWorker()
    {
        back?.TrySetResult();
        back = null;
        HasWorker = away == 0 && !isEnded;
        return HasWorker;
    }

    /// <summary>The work has ended.</summary>
    /// <returns>Whether a worker becomes free.</returns>
    public bool End()
    {
        isEnded = true;
        var isFreed = HasWorker;
        HasWorker = false;
        return isFreed;
    }
}
