using System.Collections.Concurrent;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>The rates of all calls of this process, one for each account, region and quota of AWS. Safe for concurrent use.</summary>
/// <param name="share">The share of AWS's quotas to use, above 0 and up to 1.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class CallRates(double share, TimeProvider time)
{
    // Regions and roles are named by tenants.
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<(string Account, string Region, QuotaFamily Family), Lazy<CallRate>> rates = new();

    /// <summary>How many rates are cached.</summary>
    public int Count => rates.Count;

    /// <summary>The rate of an operation.</summary>
    /// <param name="account">The account whose quota counts; empty for the program's own if unknown.</param>
    /// <param name="region">The region.</param>
    /// <param name="operation">The operation.</param>
    public CallRate For(string account, string region, string operation)
    {
        var key = (account, region, QuotaFamily.Of(operation));
        if (rates.TryGetValue(key, out var known))
            return known.Value;
        // An idle rate equals a new one.
        foreach (var idle in rates.Count < MostKept ? [] : rates.Where(rate => rate.Value.Value.IsIdle))
            rates.TryRemove(idle);
        return rates.GetOrAdd(key, of => new(() => new(of.Family.CallsPerSecond * share, time))).Value;
    }
}
