using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

internal static partial class AwsRegion
{
    /// <summary>The region if a caller names none.</summary>
    /// <exception cref="MissingRegionException">No region is set.</exception>
    public static string Default(SecretsManagerOptions options) =>
        First(
            options.Region,
            Environment.GetEnvironmentVariable("AWS_REGION"),
            // The AWS CLI and other SDKs read this variable; the .NET SDK's chain does not.
            Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION"))
        // Without instance metadata: away from EC2 that blocks for seconds.
        ?? FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false)?.SystemName
        ?? throw new MissingRegionException("no AWS region: name one in the config, in AWS_REGION or in the profile");

    /// <summary>Checks a region's name, which becomes part of a host name.</summary>
    /// <exception cref="MissingRegionException">It is not a region's name.</exception>
    public static void Check(string region)
    {
        if (!Name().IsMatch(region))
            throw new MissingRegionException($"'{region}' is not the name of an AWS region, such as eu-west-1");
    }

    private static string? First(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrEmpty(name))
                return name;
        }
        return null;
    }

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
