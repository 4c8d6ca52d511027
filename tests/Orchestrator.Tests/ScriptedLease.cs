using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Tests;

/// <summary>A lease that a test revokes, and a process that a test pauses in the middle of its work: right before or right after it checks the
/// lease.</summary>
public sealed class ScriptedLease : IWriteLease
{
    private readonly TaskCompletionSource paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource awake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly List<TimeSpan> asked = [];
    private int? pauseAt;
    private bool isAtAws;
    private bool whileHolding;
    private volatile bool isLost;

    /// <summary>The duration for which each write required the lease.</summary>
    public IReadOnlyList<TimeSpan> Asked
    {
        get
        {
            lock (gate)
                return [.. asked];
        }
    }

    /// <summary>Ends when the process is paused.</summary>
    public Task Paused => paused.Task;

    /// <summary>Ends when a write was refused.</summary>
    public Task Refused => refused.Task;

    /// <summary>Pauses the process at a write.</summary>
    /// <param name="write">The write, counted from 0 from now on.</param>
    /// <param name="holding">Whether to pause after the lease was granted; then the write is sent when the process wakes.</param>
    public void PauseAt(int write, bool holding)
    {
        lock (gate)
            (pauseAt, isAtAws, whileHolding) = (asked.Count + write, false, holding);
    }

    /// <summary>Pauses the process at the next write to AWS after the lease was granted, as in a long wait; the write continues when the process
    /// wakes.</summary>
    public void PauseAtAws()
    {
        lock (gate)
            (pauseAt, isAtAws, whileHolding) = (null, true, true);
    }

    /// <summary>Another process takes the lease.</summary>
    public void Lose() => isLost = true;

    /// <summary>Resumes the process.</summary>
    public void Wake() => awake.TrySetResult();

    public async Task WhenHeldFor(TimeSpan duration, CancellationToken cancellation)
    {
        bool stops;
        lock (gate)
        {
            // Writes to the store take no time.
            stops = isAtAws ? duration > TimeSpan.Zero : asked.Count == pauseAt;
            asked.Add(duration);
        }

        if (stops && whileHolding)
        {
            await Pause(cancellation);
            return;
        }

        if (stops || paused.Task.IsCompleted)
            await Pause(cancellation);
        if (!isLost)
            return;
        refused.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
    }

    private Task Pause(CancellationToken cancellation)
    {
        paused.TrySetResult();
        return awake.Task.WaitAsync(cancellation);
    }
}
