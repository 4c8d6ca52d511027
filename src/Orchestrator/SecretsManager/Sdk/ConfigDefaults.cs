using Amazon;
using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

internal static class ConfigDefaults
{
    /// <summary>Settings for every AWS service that we call.</summary>
    public static void Apply(this ClientConfig config, string region, SecretsManagerOptions options)
    {
        // Setting one of these two clears the other; while neither is set, the SDK reads an endpoint from the environment.
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
            config.ServiceURL = options.Endpoint.AbsoluteUri;
        config.AuthenticationRegion = region;

        config.RetryMode = RequestRetryMode.Standard;
        config.MaxErrorRetry = options.MaxAttempts - 1;
        // These retries would add to MaxAttempts, ten of them without a pause. A stale connection is a failed attempt like any other.
        config.MaxStaleConnectionRetries = 0;

        // A signed request is valid for one host; a redirect could send a secret to another one.
        config.AllowAutoRedirect = false;
        config.LogResponse = false;
        config.LogMetrics = false;
        config.DisableLogging = true;
    }

    /// <summary>Refuses an endpoint that the SDK took from the environment or the profile unchecked; it may contain a password, so it is not shown.</summary>
    /// <exception cref="InvalidEndpointException">It is not an http or https address.</exception>
    public static void CheckEndpoint(this ClientConfig config)
    {
        if (!IsUsable(config))
            throw new InvalidEndpointException(
                "the endpoint for AWS must be an http or https address such as http://localhost:4566: correct AWS_ENDPOINT_URL, "
                + "AWS_ENDPOINT_URL_SECRETS_MANAGER, AWS_ENDPOINT_URL_STS or the profile's endpoint_url");
    }

    private static bool IsUsable(ClientConfig config)
    {
        try
        {
            return config.ServiceURL is not { } url || (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https");
        }
        catch (AmazonClientException)
        {
            // The SDK validates the endpoint when it is read.
            return false;
        }
    }
}
