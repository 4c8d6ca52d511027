using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// The rate of calls under one quota: a token bucket whose waiting callers are served namespace by namespace, in turn. A throttle halves the rate, which
/// recovers over a minute: other users of the account may need the rest. Safe for concurrent use.
/// </summary>
internal sealed class CallRate
{
    /// <summary>Throttles within this time count as one sign of congestion.</summary>
    private static readonly TimeSpan OneSign = TimeSpan.FromSeconds(1);

    // A burst of half a second of calls: the rest of AWS's burst is for calls that bunch up in transit.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);
    private const double Slowest = 1.0 / 64;

    private readonly FairLock turn = new();
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly double fullRate;
    private readonly double capacity;
    private double rate;
    private double tokens;
    private long counted;
    private long? halved;

    /// <param name="perSecond">The most calls per second; above 0.</param>
    /// <param name="time">The clock of the waits.</param>
    public CallRate(double perSecond, TimeProvider time)
    {
        this.time = time;
        rate = fullRate = perSecond;
        tokens = capacity = Math.Max(1, perSecond * Burst.TotalSeconds);
        counted = time.GetTimestamp();
    }

    /// <summary>The calls per second that are currently allowed.</summary>
    public double PerSecond
    {
        get
        {
            lock (gate)
            {
                Count();
                return rate;
            }
        }
    }

    /// <summary>Whether it is idle: at its full rate and unused.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                Count();
                return tokens >= capacity && rate >= fullRate;
            }
        }
    }

    /// <summary>Completes when the next call may be sent.</summary>
    /// <param name="cancellation">Ends the wait, without using up a call.</param>
    /// <param name="namespace">The namespace of the call; empty for none.</param>
    public async Task WaitAsync(CancellationToken cancellation, string @namespace = "")
    {
        await turn.Take(@namespace, cancellation);
        try
        {
            while (Take() is { } wait)
                await Task.Delay(wait, time, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>AWS throttled a call: halves the rate.</summary>
    public void Throttled()
    {
        lock (gate)
        {
            Count();
            tokens = 0;
            // Throttled calls that were sent together count once.
            if (halved is { } last && time.GetElapsedTime(last) < OneSign)
                return;
            rate = Math.Max(rate / 2, fullRate * Slowest);
            halved = time.GetTimestamp();
        }
    }

    // Null if a call was taken; otherwise the time until one is available.
    private TimeSpan? Take()
    {
        lock (gate)
        {
            Count();
            if (tokens >= 1)
            {
                tokens--;
                return null;
            }

            // Rounded up: a wait that ends a moment early would be one more.
            return TimeSpan.FromMilliseconds(Math.Ceiling((1 - tokens) / rate * 1000));
        }
    }

    private void Count()
    {
        var elapsed = time.GetElapsedTime(counted);
        counted = time.GetTimestamp();
        tokens = Math.Min(capacity, tokens + (rate * elapsed.TotalSeconds));
        rate = Math.Min(fullRate, rate + (fullRate * (elapsed / Recovery)));
    }
}
