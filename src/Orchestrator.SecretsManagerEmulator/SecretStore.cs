using DeploymentOrchestrator.SecretsManagerEmulator.Iam;
using DeploymentOrchestrator.SecretsManagerEmulator.Model;
using DeploymentOrchestrator.SecretsManagerEmulator.Operations;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.SecretsManagerEmulator.Wire;

namespace DeploymentOrchestrator.SecretsManagerEmulator;

/// <summary>
/// All accounts and Regions. One call at a time: what Secrets Manager promises of a single call (all of it or nothing,
/// labels unique, one winner of a race for a name) then holds by itself.
/// </summary>
internal sealed class SecretStore(EmulatorOptions options, GeneratedValues generated)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Account, string Region), Vault> vaults = [];
    private readonly RequestRate rate = new(options.Quotas, options.TimeProvider);
    private long lastSerial;

    public EmulatorOptions Options { get; } = options;

    public GeneratedValues Generated { get; } = generated;

    public Authorization Authorization { get; } = new(options.IamPolicy);

    /// <exception cref="ApiException">The call is refused; nothing was changed.</exception>
    public Output Invoke(string operation, Caller caller, Input input)
    {
        var implementation = OperationTable.Find(operation) ?? throw ApiException.UnknownOperation();
        lock (gate)
        {
            rate.Take(operation, caller);
            var call = new Call(operation, this, caller, Vault(caller.Account, caller.Region), Now());
            Authorization.Require(call, input);
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
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>Who calls, and where.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">Of the request's credential scope.</param>
/// <param name="PrincipalArn">As GetCallerIdentity and refusals name it.</param>
internal sealed record Caller(string Account, string Region, string PrincipalArn);
