namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Shows progress. One caller at a time.</summary>
internal interface IProgressView : IAsyncDisposable
{
    /// <summary>Whether only the last state counts, so that states in between may be skipped.</summary>
    bool IsRedrawn => false;

    /// <summary>Something changed.</summary>
    void Changed(IReadOnlyList<StatusRow> rows);

    /// <summary>Nothing can be done but wait: for AWS, or for an object to become ready.</summary>
    void Waiting(IReadOnlyList<StatusRow> rows) => Changed(rows);

    /// <summary>Nothing changes for now; the next output may follow below.</summary>
    Task Ended(IReadOnlyList<StatusRow> rows);

    /// <summary>A note that is not a state change.</summary>
    void Note(string line);

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}
