using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// A cluster for operators of all namespaces, which would also reconcile those of other tests, and for disruptions of a whole cluster. Its tests run one
/// after another.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OwnCluster : ICollectionFixture<OwnCluster>, IAsyncDisposable
{
    public const string Name = "Operators of a whole cluster";

    internal KubernetesCluster Cluster { get; } = new() { HasWatchCache = false };

    internal Installation Installation { get; } = new() { ByKubectl = Tools.Has("kubectl") };

    public async ValueTask DisposeAsync()
    {
        await Installation.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
