using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Amazon.Util.Internal;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>The AWS SDK's description of Secrets Manager, as in the SDK's package for that service.</summary>
internal sealed class SecretsManagerConfig : ClientConfig
{
    private const string Service = "secretsmanager";

    private static readonly string UserAgentText = InternalSDKUtils.BuildUserAgentString("Secrets_Manager", "4.1.0");

    private SecretsManagerConfig(SecretsManagerOptions options) : base(new DefaultConfigurationProvider([
        new DefaultConfiguration
        {
            Name = Amazon.Runtime.DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            ConnectTimeout = TimeSpan.FromSeconds(3.1),
        }]))
    {
        // The SDK derives AWS_ENDPOINT_URL_SECRETS_MANAGER and the profile's endpoint_url from this.
        ServiceId = "Secrets Manager";
        AuthenticationServiceName = Service;
        Options = options;
        Clock = new(options.TimeProvider);
    }

    public SecretsManagerOptions Options { get; }

    public AwsClock Clock { get; }

    public override string ServiceVersion => "2017-10-17";

    public override string UserAgent => UserAgentText;

    public override string RegionEndpointServiceName => Service;

    public static SecretsManagerConfig For(string region, SecretsManagerOptions options)
    {
        var config = new SecretsManagerConfig(options)
        {
            // The only supported mode, whatever AWS_DEFAULTS_MODE is.
            DefaultConfigurationMode = Amazon.Runtime.DefaultConfigurationMode.Standard,
        };
        config.Apply(region, options);
        // AttemptTimeoutHandler enforces the timeout, with our own clock and to the last byte.
        config.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        config.HttpClientFactory = ClearingHttpClients.Instance;
        return config;
    }

    /// <summary>The endpoint of calls: from the options or the environment, or the region's own.</summary>
    public Uri Address => new(ServiceURL ?? OfRegion());

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(Address.AbsoluteUri);

    private string OfRegion()
    {
        var region = RegionEndpoint.SystemName;
        var suffix = UseDualstackEndpoint ? Fn.Partition(region).dualStackDnsSuffix : RegionEndpoint.PartitionDnsSuffix;
        return $"https://{Service}{(UseFIPSEndpoint ? "-fips" : "")}.{region}.{suffix}/";
    }
}
