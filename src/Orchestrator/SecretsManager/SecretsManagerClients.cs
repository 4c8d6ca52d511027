using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SSO;
using Amazon.SSOOIDC;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>
/// One client for each region, role and external id, made once; credentials are cached with it. One that nobody asked for in a long while is let go:
/// tenants and their roles come and go. Safe for concurrent use.
/// </summary>
public sealed class SecretsManagerClients : ISecretsManagers, IDisposable
{
    // Longer than any work on one Component takes, and than the usual time between two looks at it.
    private static readonly TimeSpan KeptUnused = TimeSpan.FromHours(2);

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

    /// <summary>For how long calls have been made through these: what others called before is at least this old.</summary>
    public TimeSpan Age => options.TimeProvider.GetElapsedTime(started);

    /// <summary>The client for a region and a role. Nothing is called yet, and no credentials are looked for.</summary>
    /// <param name="region">Null or empty for the options' own, then the environment's, then the profile's.</param>
    /// <param name="roleArn">A role to assume with the program's own credentials; null or empty for those themselves.</param>
    /// <param name="externalId">The external id that the role's trust policy asks for, if it does.</param>
    /// <exception cref="MissingRegionException">No region is named anywhere, or what is named is no region's name.</exception>
    /// <exception cref="InvalidEndpointException">The environment or the profile names an endpoint that is no address.</exception>
    public SecretsManagerClient For(string? region, string? roleArn, string? externalId)
    {
        var key = new ClientKey(NullIfEmpty(region) ?? AwsRegion.Default(options), NullIfEmpty(roleArn), NullIfEmpty(externalId));
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

                clients[key] = kept = new(Create(key));
            }

            kept.UsedAt = now;
            return kept.Client;
        }
    }

    ISecretsManager ISecretsManagers.For(string? region, string? roleArn, string? externalId) => For(region, roleArn, externalId);

    /// <summary>The region where a caller names none; null where nothing names one.</summary>
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

    /// <summary>Disposes every client that was made.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var kept in clients.Values)
                kept.Client.Dispose();
            clients.Clear();
        }

        rates?.Dispose();
    }

    private SecretsManagerClient Create(ClientKey key)
    {
        AwsRegion.Check(key.Region);
        SecretsManagerConfig.For(key.Region, options).CheckEndpoint();
        StsConfig.For(key.Region, options).CheckEndpoint();
        AWSCredentials credentials = key.RoleArn is null
            ? options.Credentials.Credentials
            : new RoleCredentials(options, key.Region, key.RoleArn, key.ExternalId);
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

    private sealed record ClientKey(string Region, string? RoleArn, string? ExternalId);
}
