using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>The delays of a queue's keys, at most one of each. Guarded by the queue.</summary>
/// <param name="time">The time.</param>
/// <param name="over">Called when a delay is over, with what <see cref="End"/> takes.</param>
internal sealed class KeyDelays(TimeProvider time, Action<ObjectKey, object> over)
{
    private readonly Dictionary<ObjectKey, Delay> delays = [];

    /// <summary>How many run.</summary>
    public int Count => delays.Count;

    /// <summary>Starts a delay. Of several of a key the one that is over first counts.</summary>
    public void Start(ObjectKey key, TimeSpan after)
    {
        // Elapsed time, so that a step of the clock changes no order.
        var due = LongTimer.Sum(time.GetElapsedTime(0), after);
        if (delays.TryGetValue(key, out var earlier))
        {
            if (earlier.Due <= due)
                return;
            earlier.Timer?.Dispose();
        }

        var delay = new Delay(due);
        delays[key] = delay;
        delay.Timer = new(time, after, () => over(key, delay));
    }

    /// <summary>Ends a delay that is over; false where another took its place while its timer was on its way.</summary>
    public bool End(ObjectKey key, object delay)
    {
        if (!delays.TryGetValue(key, out var current) || current != delay)
            return false;
        Drop(key);
        return true;
    }

    /// <summary>Forgets the delay of a key.</summary>
    public void Drop(ObjectKey key)
    {
        if (delays.Remove(key, out var delay))
            delay.Timer?.Dispose();
    }

    private sealed class Delay(TimeSpan due)
    {
        public TimeSpan Due => due;

        public LongTimer? Timer { get; set; }
    }
}
