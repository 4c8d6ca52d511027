using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>
/// The SDK's default chain as one source, so that looking for credentials is a step of its own. The SDK caches what it finds.
/// </summary>
internal sealed class ChainCredentials : AWSCredentials
{
    public override ImmutableCredentials GetCredentials() => DefaultAWSCredentialsIdentityResolver.GetCredentials().GetCredentials();

    public override async Task<ImmutableCredentials> GetCredentialsAsync() =>
        await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()).GetCredentialsAsync();
}
