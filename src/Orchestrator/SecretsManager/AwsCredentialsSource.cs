using Amazon.Runtime;
using DeploymentOrchestrator.SecretsManager.Sdk;

namespace DeploymentOrchestrator.SecretsManager;

/// <summary>Where credentials come from. A class and no record, so that nothing prints the secret key.</summary>
public sealed class AwsCredentialsSource
{
    private readonly string description;

    private AwsCredentialsSource(AWSCredentials credentials, string description) =>
        (Credentials, this.description) = (credentials, description);

    /// <summary>
    /// The AWS SDK's own chain: environment, web identity (IRSA), profile, container (ECS, EKS Pod Identity), EC2 instance metadata.
    /// </summary>
    public static AwsCredentialsSource DefaultChain { get; } = new(new ChainCredentials(), "the AWS SDK's default chain");

    internal AWSCredentials Credentials { get; }

    /// <summary>A fixed access key, for the embedded Secrets Manager.</summary>
    public static AwsCredentialsSource AccessKey(string accessKeyId, string secretAccessKey) =>
        new(new BasicAWSCredentials(accessKeyId, secretAccessKey), $"access key {accessKeyId}");

    /// <summary>A description without the secret key.</summary>
    public override string ToString() => description;
}
