namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// AWS's clock from the Date headers of its answers, in whole seconds, advanced between them. Times that are compared with AWS's come from here, so a
/// wrong clock of this machine has no effect. Safe for concurrent use.
/// </summary>
/// <param name="time">The local clock that advances it between answers, and replaces it before the first.</param>
internal sealed class AwsClock(TimeProvider time)
{
    private Reading? last;

    /// <summary>AWS's time.</summary>
    public DateTimeOffset Now => Volatile.Read(ref last) is { } reading ? reading.Date + time.GetElapsedTime(reading.At) : time.GetUtcNow();

    /// <summary>Takes the Date of an answer.</summary>
    internal void Observe(DateTimeOffset date) => Volatile.Write(ref last, new(date, time.GetTimestamp()));

    private sealed record Reading(DateTimeOffset Date, long At);
}
