using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>STS in the client's own region: sessions of a regional STS are valid in opt-in regions, too, and each partition has its own.</summary>
internal static class StsConfig
{
    public static AmazonSecurityTokenServiceConfig For(string region, SecretsManagerOptions options)
    {
        var config = new AmazonSecurityTokenServiceConfig { Timeout = options.AttemptTimeout };
        config.Apply(region, options);
        return config;
    }

    /// <summary>The host of calls, for error messages.</summary>
    public static string Host(IClientConfig config) =>
        new Uri(config.DetermineServiceOperationEndpoint(new(new GetCallerIdentityRequest())).URL).Authority;
}
