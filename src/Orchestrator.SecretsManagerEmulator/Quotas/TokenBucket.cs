namespace DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

/// <summary>
/// Holds one second's worth of calls and fills continuously. Our own, because System.Threading.RateLimiting's reads the machine's
/// clock. Not safe for use by two threads at once.
/// </summary>
internal sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private double tokens = perSecond;
    private long filled = time.GetTimestamp();

    /// <summary>Takes one call; false if none is left.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        tokens = Math.Min(perSecond, tokens + perSecond * time.GetElapsedTime(filled, now).TotalSeconds);
        filled = now;
        if (tokens < 1)
            return false;
        tokens--;
        return true;
    }
}
