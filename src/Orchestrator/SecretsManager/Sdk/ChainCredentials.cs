using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// The SDK's default chain as one source, so that looking for credentials is a step of its own. The SDK caches what it finds.
/// </summary>
internal sealed class ChainCredentials : AWSCredentials
{
    private volatile bool haveWorked;

    /// <summary>Whether it ever had credentials: then those who give them are there, and that they give none is their outage.</summary>
    public bool HaveWorked => haveWorked;

    public override ImmutableCredentials GetCredentials()
    {
        var found = DefaultAWSCredentialsIdentityResolver.GetCredentials().GetCredentials();
        haveWorked = true;
        return found;
    }

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        var found = await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()).GetCredentialsAsync();
        haveWorked = true;
        return found;
    }
}
