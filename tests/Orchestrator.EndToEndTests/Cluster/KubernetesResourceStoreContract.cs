using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The store on a real cluster meets the same contract as the in-memory one.</summary>
public sealed class KubernetesResourceStoreContract(KubernetesCluster cluster) : ResourceStoreContract, IAsyncLifetime
{
    private KubernetesResourceStore? store;

    private protected override IResourceStore Store => store!;

    public async ValueTask InitializeAsync()
    {
        await cluster.Started();
        store = new(ClusterAccess.Kubeconfig(cluster.Kubeconfig), TimeProvider.System, NullLogger.Instance);
    }

    public ValueTask DisposeAsync()
    {
        store?.Dispose();
        return ValueTask.CompletedTask;
    }
}
