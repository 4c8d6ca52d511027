using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Operations;

/// <summary>
/// All accounts and Regions. One call at a time: what Secrets Manager promises of a single call (all of it or nothing,
/// labels unique, one winner of a race for a name) then holds by itself.
/// </summary>
/// <param name="authorization">What callers may do.</param>
/// <param name="rate">Counts the calls.</param>
/// <param name="generated">Gets each generated value.</param>
/// <param name="delays">When calls take effect.</param>
/// <param name="time">The clock.</param>
internal sealed class SecretStore(
    Authorization authorization, RequestRate rate, GeneratedValues generated, ConsistencyDelays delays, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Account, string Region), Vault> vaults = [];
    private long lastSerial;

    public ConsistencyDelays Delays => delays;

    public GeneratedValues Generated => generated;

    public Authorization Authorization => authorization;

    /// <exception cref="ApiException">The call is refused; nothing was changed.</exception>
    public Output Invoke(string operation, Caller caller, Input input)
    {
        var implementation = OperationTable.Find(operation) ?? throw ApiException.UnknownOperation();
        lock (gate)
        {
            rate.Take(operation, caller);
            var call = new Call(operation, this, caller, Vault(caller.Account, caller.Region), Now());
            RequiredRights.Require(call, input);
            return implementation(call, input);
        }
    }

    public Vault Vault(string account, string region)
    {
        if (!vaults.TryGetValue((account, region), out var vault))
            vaults[(account, region)] = vault = new Vault(account, region);
        return vault;
    }

    public long NextSerial() => ++lastSerial;

    /// <summary>AWS's dates have milliseconds.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
