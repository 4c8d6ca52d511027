using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.Tests;

/// <summary>How clients reach an embedded Secrets Manager: with made-up keys, which it treats as keys of its own account.</summary>
internal static class EmbeddedAws
{
    /// <summary>A made-up key.</summary>
    public static AwsCredentialsSource Key { get; } = AwsCredentialsSource.AccessKey("AKIAEMBEDDEDEXAMPLE1", "made-up-for-this-test");

    /// <summary>For a client of a region.</summary>
    public static SecretsManagerOptions Client(Uri endpoint) => new() { Endpoint = endpoint, Region = "us-east-1", Credentials = Key };

    /// <summary>For a command line: the files or the environment name the region.</summary>
    public static SecretsManagerOptions CommandLine(Uri endpoint) =>
        new() { Endpoint = endpoint, Credentials = AwsCredentialsSource.AccessKey("local", "local") };
}
