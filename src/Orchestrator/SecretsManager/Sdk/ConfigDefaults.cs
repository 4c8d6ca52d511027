using Amazon;
using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

internal static class ConfigDefaults
{
    /// <summary>What holds for every AWS service that we call.</summary>
    public static void Apply(this ClientConfig config, string region, SecretsManagerOptions options)
    {
        // Setting one of these two clears the other; while neither is set by us, the SDK asks the environment for an endpoint.
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
            config.ServiceURL = options.Endpoint.AbsoluteUri;
        config.AuthenticationRegion = region;

        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = options.MaxAttempts - 1;
        // These would come on top of MaxAttempts, ten of them and without a pause. A stale connection is a failed try like any other.
        config.MaxStaleConnectionRetries = 0;

        // A signed request is for one host alone; and a secret is not for whoever that host may name.
        config.AllowAutoRedirect = false;
        config.LogResponse = false;
        config.LogMetrics = false;
        config.DisableLogging = true;
    }
}
