namespace DeploymentOrchestrator.SecretsManagerEmulator.Model;

/// <summary>The secrets of one account in one Region.</summary>
internal sealed class Vault(string account, string region)
{
    private readonly Dictionary<string, Secret> byName = [];

    public string Account { get; } = account;

    public string Region { get; } = region;

    public string ArnOf(Secret secret) => ArnOf(secret.Name, secret.Suffix);

    public string ArnOf(string name, string suffix) => new SecretArn(Region, Account, $"{name}-{suffix}").ToString();

    /// <summary>All secrets that are not finally deleted.</summary>
    public IReadOnlyCollection<Secret> All(DateTimeOffset now)
    {
        foreach (var secret in byName.Values.Where(secret => IsGone(secret, now)).ToList())
            byName.Remove(secret.Name);
        return byName.Values;
    }

    public Secret? ByName(string name, DateTimeOffset now)
    {
        if (!byName.TryGetValue(name, out var secret))
            return null;
        if (!IsGone(secret, now))
            return secret;
        byName.Remove(name);
        return null;
    }

    public Secret? ByArn(SecretArn arn, DateTimeOffset now)
    {
        if (arn.Region != Region || arn.Account != Account)
            return null;
        if (!arn.IsComplete)
            return ByName(arn.Resource, now);
        var name = arn.Resource[..^7];
        return ByName(name, now) is { } secret && $"{name}-{secret.Suffix}" == arn.Resource ? secret : null;
    }

    public void Put(Secret secret) => byName[secret.Name] = secret;

    public void Remove(Secret secret) => byName.Remove(secret.Name);

    private static bool IsGone(Secret secret, DateTimeOffset now) => secret.Deletion is { } deletion && deletion.GoneAt <= now;
}
