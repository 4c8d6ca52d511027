using DeploymentOrchestrator.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>A test of the store on the run's cluster, which is ready when the test begins.</summary>
public abstract class ClusterTest(KubernetesCluster cluster) : IAsyncLifetime
{
    private readonly List<KubernetesResourceStore> stores = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected KubernetesCluster Cluster => cluster;

    /// <summary>A store with admin's rights.</summary>
    private protected KubernetesResourceStore Store => stores[0];

    public virtual async ValueTask InitializeAsync()
    {
        await cluster.Started();
        NewStore();
    }

    public virtual ValueTask DisposeAsync()
    {
        stores.ForEach(s => s.Dispose());
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Another store, with admin's rights by default; the test disposes it.</summary>
    private protected KubernetesResourceStore NewStore(ClusterAccess? access = null, KubernetesStoreOptions? options = null, TimeProvider? time = null)
    {
        var store =
            new KubernetesResourceStore(access ?? ClusterAccess.Kubeconfig(cluster.Kubeconfig), time ?? TimeProvider.System, NullLogger.Instance, options);
        stores.Add(store);
        return store;
    }
}
