using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Quotas;

/// <summary>The buckets of all accounts, Regions and quota families. Not safe for use by two threads at once.</summary>
internal sealed class RequestRate(RequestQuotas quotas, TimeProvider time)
{
    private readonly Dictionary<(string Account, string Region, QuotaFamily Family), TokenBucket> buckets = [];

    /// <summary>Counts a call. AWS charges the caller's account, not the secret's owner.</summary>
    /// <exception cref="ApiException">ThrottlingException: the quota is used up.</exception>
    public void Take(string operation, Caller caller)
    {
        if (quotas == RequestQuotas.None)
            return;
        var family = QuotaFamily.Of(operation);
        var key = (caller.Account, caller.Region, family);
        if (!buckets.TryGetValue(key, out var bucket))
            buckets[key] = bucket = new TokenBucket(family.PerSecond, time);
        if (!bucket.TryTake())
            throw ApiException.Throttled();
    }
}
