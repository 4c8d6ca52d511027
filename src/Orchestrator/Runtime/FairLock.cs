namespace DeploymentOrchestrator.Runtime;

/// <summary>A lock to wait for without a thread. Its tenants take it in turn, so that one with a thousand callers does not keep the others waiting.</summary>
internal sealed class FairLock
{
    private readonly Lock gate = new();
    private readonly Turns<TaskCompletionSource> waiting = new();
    private bool isTaken;

    /// <summary>Ends when the caller has the lock.</summary>
    public async Task Take(string tenant, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (gate)
        {
            if (!isTaken)
            {
                isTaken = true;
                return;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(tenant, turn);
        }

        await using var giveUp = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task;
    }

    /// <summary>Hands the lock to the next caller that still wants it.</summary>
    public void Release()
    {
        lock (gate)
        {
            isTaken = false;
            while (!isTaken && waiting.TryTake(out var turn))
                isTaken = turn.TrySetResult();
        }
    }
}
