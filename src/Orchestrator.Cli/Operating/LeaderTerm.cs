namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>How long one term of the leader lasts.</summary>
internal sealed class LeaderTerm : IDisposable
{
    private readonly CancellationTokenSource end;
    private readonly CancellationTokenSource abort;
    private readonly ITimer grace;
    private readonly CancellationTokenRegistration stopping;

    /// <param name="time">The clock of the grace.</param>
    /// <param name="stop">Ends the term, with <see cref="OperatorSettings.Grace"/> to finish.</param>
    /// <param name="lost">Ends it at once: another process may lead.</param>
    public LeaderTerm(TimeProvider time, CancellationToken stop, CancellationToken lost)
    {
        end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        abort = CancellationTokenSource.CreateLinkedTokenSource(lost);
        grace = time.CreateTimer(_ => abort.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        stopping = stop.Register(() => grace.Change(OperatorSettings.Grace, Timeout.InfiniteTimeSpan));
    }

    /// <summary>No new work begins.</summary>
    public CancellationToken Stop => end.Token;

    /// <summary>Running work is cancelled.</summary>
    public CancellationToken Abort => abort.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        // In the reverse order, so that nothing starts what is disposed of.
        stopping.Dispose();
        grace.Dispose();
        abort.Dispose();
        end.Dispose();
    }
}
