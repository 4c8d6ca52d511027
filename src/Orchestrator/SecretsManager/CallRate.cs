namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// How fast calls of one quota may go: a token bucket, first come, first served. A throttle halves the rate, and it comes back over a minute:
/// other users of the account may need the rest. Safe for concurrent use.
/// </summary>
public sealed class CallRate : IDisposable
{
    /// <summary>How long calls that were thrown out together count as one sign of congestion.</summary>
    private static readonly TimeSpan OneSign = TimeSpan.FromSeconds(1);

    // Half a second's calls at once: the rest of what AWS lets through in a burst is for calls that bunch up on their way.
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);
    private const double Slowest = 1.0 / 64;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly double _fullRate;
    private readonly double _capacity;
    private double _rate;
    private double _tokens;
    private long _counted;
    private long? _halved;

    /// <param name="perSecond">The most calls per second; above 0.</param>
    /// <param name="time">The clock of the waits.</param>
    public CallRate(double perSecond, TimeProvider time)
    {
        _time = time;
        _rate = _fullRate = perSecond;
        _tokens = _capacity = Math.Max(1, perSecond * Burst.TotalSeconds);
        _counted = time.GetTimestamp();
    }

    /// <summary>The calls per second that are let through now.</summary>
    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                Count();
                return _rate;
            }
        }
    }

    /// <summary>Ends when the next call may go.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            while (Take() is { } wait)
                await Task.Delay(wait, _time, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>AWS threw a call out: from now on at half the rate.</summary>
    public void Throttled()
    {
        lock (_gate)
        {
            Count();
            _tokens = 0;
            // Those that were on their way together say the same once.
            if (_halved is { } last && _time.GetElapsedTime(last) < OneSign)
                return;
            _rate = Math.Max(_rate / 2, _fullRate * Slowest);
            _halved = _time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    // Null where a call was taken; else how long until there is one.
    private TimeSpan? Take()
    {
        lock (_gate)
        {
            Count();
            if (_tokens >= 1)
            {
                _tokens--;
                return null;
            }

            // Rounded up: a wait that ends a moment early would be one more.
            return TimeSpan.FromMilliseconds(Math.Ceiling((1 - _tokens) / _rate * 1000));
        }
    }

    private void Count()
    {
        var elapsed = _time.GetElapsedTime(_counted);
        _counted = _time.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + (_rate * elapsed.TotalSeconds));
        _rate = Math.Min(_fullRate, _rate + (_fullRate * (elapsed / Recovery)));
    }
}
