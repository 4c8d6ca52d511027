namespace DeploymentOrchestrator.Runtime;

/// <summary>An asynchronous lock. Tenants take turns, so that one with a thousand callers does not block the others.</summary>
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

    /// <summary>Takes the lock for the current work, whose worker serves others while it waits.</summary>
    /// <returns>Releases the lock when it is first disposed.</returns>
    public async Task<IDisposable> Hold(string tenant, CancellationToken cancellation)
    {
        var turn = Take(tenant, cancellation);
        try
        {
            await (turn.IsCompleted || CurrentWork.Now is not { } work ? turn : work.LendWorker(turn));
        }
        catch when (turn.IsCompletedSuccessfully)
        {
            Release();
            throw;
        }

        return new Held(this);
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

    private sealed class Held(FairLock of) : IDisposable
    {
        private bool isReleased;

        public void Dispose()
        {
            if (!isReleased)
                of.Release();
            isReleased = true;
        }
    }
}
