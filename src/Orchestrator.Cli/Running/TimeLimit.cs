using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Work that may take no longer than a given time.</summary>
internal static class TimeLimit
{
    /// <summary>Runs the work and returns whether it ended in time. Its token ends at the deadline, and with <paramref name="cancellation"/>.</summary>
    public static async Task<bool> Within(TimeSpan limit, TimeProvider time, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource();
        using var timer = LongTimer.Cancel(over, time, limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        try
        {
            await work(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
