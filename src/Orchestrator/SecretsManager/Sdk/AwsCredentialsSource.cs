using Amazon.Runtime;

namespace DeploymentOrchestrator.SecretsManager.Sdk;

/// <summary>A source of credentials. A class and not a record, so that nothing prints the secret key.</summary>
internal sealed class AwsCredentialsSource
{
    private static readonly string[] Container = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];

    private readonly string description;

    private AwsCredentialsSource(AWSCredentials credentials, string description) =>
        (Credentials, this.description) = (credentials, description);

    /// <summary>The AWS SDK's own chain: environment, web identity (IRSA), profile, container (ECS, EKS Pod Identity), EC2 instance metadata.</summary>
    public static AwsCredentialsSource DefaultChain { get; } = new(new ChainCredentials(), "the AWS SDK's default chain");

    internal AWSCredentials Credentials { get; }

    /// <summary>Whether a source of credentials exists: it provided some before, or the container's environment names it (ECS, EKS Pod
    /// Identity).</summary>
    internal bool AreSetUp =>
        Credentials is ChainCredentials chain && (chain.HaveWorked || Container.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 }));

    /// <summary>A fixed access key, for the embedded Secrets Manager.</summary>
    public static AwsCredentialsSource AccessKey(string accessKeyId, string secretAccessKey) =>
        new(new BasicAWSCredentials(accessKeyId, secretAccessKey), $"access key {accessKeyId}");

    /// <summary>A description without the secret key.</summary>
    public override string ToString() => description;
}
