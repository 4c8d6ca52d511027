using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.SSO;
using Amazon.SSOOIDC;
using Amazon.SecurityToken;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// One client for each region, role, external id and namespace, created once; credentials are cached with it. A client that is unused for a long time is
/// disposed: tenants and their roles come and go. At most a few hundred are kept, the most recently used. Safe for concurrent use.
/// </summary>
internal sealed class SecretsManagerClients : ISecretsManagers, IDisposable
{
    // Longer than any work on one Component, and than the usual interval between two calls.
    private static readonly TimeSpan KeptUnused = TimeSpan.FromHours(2);

    private const int MostKept = 256;

    private readonly SecretsManagerOptions options;
    private readonly Lock gate = new();
    private readonly Dictionary<ClientKey, Kept> clients = [];
    private readonly CallRates? rates;
    private readonly long started;
    private bool disposed;

    /// <param name="options">How to reach Secrets Manager.</param>
    // The SDK looks these up by name when it needs them: STS for web identity (IRSA) or a profile's role, the others for a profile of IAM Identity Center;
    // without this, trimming removes them.
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSecurityTokenServiceConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOConfig))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOOIDCClient))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(AmazonSSOOIDCConfig))]
    public SecretsManagerClients(SecretsManagerOptions options)
    {
        this.options = options;
        started = options.TimeProvider.GetTimestamp();
        rates = options.QuotaShare is { } share ? new(share, options.TimeProvider) : null;
    }

    /// <inheritdoc/>
    public TimeSpan Age => options.TimeProvider.GetElapsedTime(started);

    /// <summary>How many clients are cached.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return clients.Count;
        }
    }

    /// <inheritdoc cref="ISecretsManagers.For"/>
    public SecretsManagerClient For(string? region, string? roleArn, string? externalId, string? @namespace = null)
    {
        var role = NullIfEmpty(roleArn) ?? (@namespace is null ? null : options.TenantRole);
        // Without a role there is no session for the namespace.
        var key = new ClientKey(NullIfEmpty(region) ?? AwsRegion.Default(options), role, NullIfEmpty(externalId), role is null ? null : @namespace);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var now = options.TimeProvider.GetTimestamp();
            if (!clients.TryGetValue(key, out var kept))
            {
                foreach (var (unused, old) in clients.Where(c => options.TimeProvider.GetElapsedTime(c.Value.UsedAt, now) > KeptUnused).ToList())
                {
                    clients.Remove(unused);
                    old.Client.Dispose();
                }

                var created = Create(key);
                // Not disposed: it may be in use, or waiting for its turn.
                if (clients.Count >= MostKept)
                    clients.Remove(clients.MinBy(c => c.Value.UsedAt).Key);
                clients[key] = kept = new(created);
            }

            kept.UsedAt = now;
            return kept.Client;
        }
    }

    ISecretsManager ISecretsManagers.For(string? region, string? roleArn, string? externalId, string? @namespace) =>
        For(region, roleArn, externalId, @namespace);

    /// <inheritdoc/>
    public string? DefaultRegion
    {
        get
        {
            try
            {
                return AwsRegion.Default(options);
            }
            catch (MissingRegionException)
            {
                return null;
            }
        }
    }

    /// <summary>Disposes every client.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var kept in clients.Values)
                kept.Client.Dispose();
            clients.Clear();
        }
    }

    private SecretsManagerClient Create(ClientKey key)
    {
        AwsRegion.Check(key.Region);
        SecretsManagerConfig.For(key.Region, options).CheckEndpoint();
        StsConfig.For(key.Region, options).CheckEndpoint();
        AWSCredentials credentials = key.RoleArn is null
            ? options.Credentials.Credentials
            : new RoleCredentials(options, key.Region, key.RoleArn, key.ExternalId, key.Namespace);
        // arn:aws:iam::ACCOUNT:role/name
        var account = key.RoleArn?.Split(':') is [_, _, _, _, var id, ..] ? id : null;
        return new SecretsManagerClient(key.Region, credentials, account, options, rates);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed class Kept(SecretsManagerClient client)
    {
        public SecretsManagerClient Client => client;

        public long UsedAt { get; set; }
    }

    private sealed record ClientKey(string Region, string? RoleArn, string? ExternalId, string? Namespace);
}
