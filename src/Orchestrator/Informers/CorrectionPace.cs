using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// How often one object was corrected within the last hour. From <see cref="Tolerated"/> corrections on, the next waits ever longer: somebody sets the object
/// back at once, and neither side gives in. Its times are elapsed ones. One caller at a time.
/// </summary>
internal sealed class CorrectionPace
{
    /// <summary>How often within an hour an object is corrected at once.</summary>
    public const int Tolerated = 5;

    /// <summary>The longest time for which a correction waits.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>What counts as recent.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);

    private readonly List<TimeSpan> times = [];
    private TimeSpan pausedUntil;

    /// <summary>The corrections within the last hour.</summary>
    public int Count => times.Count;

    /// <summary>Notes a correction.</summary>
    /// <returns>Whether it was one too many, so that the next has to wait.</returns>
    public bool Corrected(TimeSpan now)
    {
        times.Add(now);
        times.RemoveAll(t => now - t >= Window);
        if (times.Count <= Tolerated)
            return false;
        pausedUntil = now + ExponentialBackoff.Delay(times.Count - Tolerated - 1, FirstPause, LongestPause);
        return true;
    }

    /// <summary>How long the next correction has to wait from now on; null where it need not.</summary>
    public TimeSpan? Pause(TimeSpan now) => pausedUntil > now ? pausedUntil - now : null;
}
