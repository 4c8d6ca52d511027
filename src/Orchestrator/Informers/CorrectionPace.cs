using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// How often one object was corrected within the last hour. From <see cref="Tolerated"/> corrections on, each waits longer than the one before: another
/// client keeps reverting the object. Times are elapsed times. One caller at a time.
/// </summary>
internal sealed class CorrectionPace
{
    /// <summary>How many corrections within an hour are made at once.</summary>
    public const int Tolerated = 5;

    /// <summary>The longest delay of a correction.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>The period that counts as recent.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);

    private readonly List<TimeSpan> times = [];
    private TimeSpan pausedUntil;

    /// <summary>The corrections within the last hour.</summary>
    public int Count => times.Count;

    /// <summary>Records a correction.</summary>
    /// <returns>Whether the next one has to wait.</returns>
    public bool Corrected(TimeSpan now)
    {
        times.Add(now);
        times.RemoveAll(t => now - t >= Window);
        if (times.Count <= Tolerated)
            return false;
        pausedUntil = now + ExponentialBackoff.Delay(times.Count - Tolerated - 1, FirstPause, LongestPause);
        return true;
    }

    /// <summary>How long the next correction has to wait; null for no wait.</summary>
    public TimeSpan? Pause(TimeSpan now) => pausedUntil > now ? pausedUntil - now : null;
}
