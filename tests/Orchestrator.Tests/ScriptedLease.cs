using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Tests;

/// <summary>A lease that a test takes away, and a process that it pauses in the middle of its work: right before or right after it asks for the
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

    /// <summary>For how long each write asked to hold it.</summary>
    public IReadOnlyList<TimeSpan> Asked
    {
        get
        {
            lock (gate)
                return [.. asked];
        }
    }

    /// <summary>Ends when the process stands still.</summary>
    public Task Paused => paused.Task;

    /// <summary>Ends when a write was not let through.</summary>
    public Task Refused => refused.Task;

    /// <summary>Pauses the process at a write.</summary>
    /// <param name="write">Which, from 0, counted from now.</param>
    /// <param name="holding">After it was let through: then it is sent when the process wakes.</param>
    public void PauseAt(int write, bool holding)
    {
        lock (gate)
            (pauseAt, isAtAws, whileHolding) = (asked.Count + write, false, holding);
    }

    /// <summary>Pauses the process at the next write to AWS after it was let through, as where it waits long: then it goes on when the process wakes.</summary>
    public void PauseAtAws()
    {
        lock (gate)
            (pauseAt, isAtAws, whileHolding) = (null, true, true);
    }

    /// <summary>Somebody else holds it now.</summary>
    public void Lose() => isLost = true;

    /// <summary>Lets the process run on.</summary>
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
