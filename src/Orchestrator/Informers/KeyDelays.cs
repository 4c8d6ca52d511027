using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Informers;

/// <summary>The delays of a queue's keys, at most one for each key. Guarded by the queue.</summary>
/// <param name="time">The clock.</param>
/// <param name="over">Called when a delay ends, with the argument for <see cref="End"/>.</param>
internal sealed class KeyDelays(TimeProvider time, Action<ObjectKey, object> over)
{
    private readonly Dictionary<ObjectKey, Delay> delays = [];

    /// <summary>How many delays run.</summary>
    public int Count => delays.Count;

    /// <summary>Starts a delay. Of several delays of a key the one that ends first counts.</summary>
    public void Start(ObjectKey key, TimeSpan after)
    {
        // Elapsed time, so that clock steps do not change the order.
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

    /// <summary>Ends a delay; false if another one replaced it while its timer fired.</summary>
    public bool End(ObjectKey key, object delay)
    {
        if (!delays.TryGetValue(key, out var current) || current != delay)
            return false;
        Drop(key);
        return true;
    }

    /// <summary>Drops the delay of a key.</summary>
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
