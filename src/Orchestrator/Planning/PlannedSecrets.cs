using System.Collections.Concurrent;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Planning;

/// <summary>The planned secrets, by region, role and name; null for a deleted one.</summary>
internal sealed class PlannedSecrets
{
    private readonly ConcurrentDictionary<(string Region, string? Role, string Name), SecretDescription?> changed = new();

    /// <summary>The secret by name or ARN; false if nothing is planned for it.</summary>
    public bool TryFind(string region, string? role, string id, out SecretDescription? secret)
    {
        secret = changed.Values.FirstOrDefault(s => s?.Arn == id);
        return secret is not null || changed.TryGetValue((region, role, id), out secret);
    }

    public void Set(string region, string? role, string name, SecretDescription? secret) => changed[(region, role, name)] = secret;
}
