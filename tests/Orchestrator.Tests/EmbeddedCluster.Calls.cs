using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests;

internal sealed partial class EmbeddedCluster
{
    /// <summary>A client of the same Secrets Manager, for changes by another user.</summary>
    public SecretsManagerClient Aws(string region = "us-east-1") => clients.For(region, null, null);

    /// <summary>A call by another user, without our client.</summary>
    internal Task<Answer> ByHand(string operation, object? parameters = null, string region = "us-east-1", string accessKeyId = "AKIDEXAMPLE")
    {
        if (operation == "GetSecretValue")
            Interlocked.Increment(ref reads);
        return new AwsJsonClient(SecretsManager.Endpoint, region, accessKeyId).Call(operation, parameters);
    }

    /// <summary>How often an operation was called.</summary>
    public int Calls(string operation) => SecretsManager.Calls.Snapshot().Count(c => c.Operation == operation);
}
