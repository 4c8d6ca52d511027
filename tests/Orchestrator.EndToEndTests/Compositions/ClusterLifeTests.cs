using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Controllers.Components;
using DeploymentOrchestrator.Tests.Controllers.Compositions.Life;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Compositions;

/// <summary>The life of a Composition on a real cluster, whose garbage collector implements kubectl's propagation policies.</summary>
public sealed class ClusterLifeTests(KubernetesCluster cluster, ITestOutputHelper output) : CompositionLife(output)
{
    protected override int Kills => 3;

    protected override int AtOnce => 3;

    private protected override async Task<ILifeWorld> NewWorld()
    {
        await cluster.Started();
        var store = new KubernetesResourceStore(ClusterAccess.Kubeconfig(cluster.Kubeconfig), TimeProvider.System, NullLogger.Instance);
        var secretsManager = await SecretsManagerServer.StartAsync(new(), TestContext.Current.CancellationToken);
        return new ClusterWorld(store, await Namespaces.New(store), secretsManager);
    }

    private sealed class ClusterWorld : ILifeWorld, IEventSink
    {
        private readonly KubernetesResourceStore store;
        private Process process;

        public ClusterWorld(KubernetesResourceStore store, string @namespace, SecretsManagerServer secretsManager)
        {
            (this.store, Hooked, Namespace, SecretsManager) = (store, new(store), @namespace, secretsManager);
            process = Start();
        }

        public IResourceStore Store => store;

        public HookedStore Hooked { get; }

        public string Namespace { get; }

        public SecretsManagerServer SecretsManager { get; }

        // A Composition's status is up to date within a second.
        public (int Most, int Still) Looks => (600, 15);

        public void Kill() => process.Stop.Cancel();

        public async Task Restart()
        {
            await process.DisposeAsync();
            process = Start();
        }

        public Task Pass(int looks) => Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);

        public void Record(Component component, HandlerEvent happened)
        {
            // Other tests check its messages.
        }

        public async ValueTask DisposeAsync()
        {
            await process.DisposeAsync();
            await SecretsManager.DisposeAsync();
            store.Dispose();
        }

        private Process Start()
        {
            var time = TimeProvider.System;
            var clients = new SecretsManagerClients(new()
            {
                Endpoint = SecretsManager.Endpoint,
                Region = "us-east-1",
                Credentials = AwsCredentialsSource.AccessKey("AKIAEMBEDDEDEXAMPLE1", "made-up-for-this-test"),
                QuotaShare = null,
            });
            var informers = new ClusterInformers(Hooked, time, NullLogger.Instance, Namespace);
            var view = new ClusterView(informers, new("test-cluster", [], SeesAll: true));
            var handlers = StandardHandlers.Create(new(Hooked, clients, view, ReadinessRule.Kstatus, time));
            var manager = new ControllerManager(Hooked, informers, handlers, new(time, () => 0, this), NullLoggerFactory.Instance);
            var stop = new CancellationTokenSource();
            return new(manager, clients, stop, manager.Run(stop.Token, stop.Token));
        }

        private sealed record Process(ControllerManager Manager, SecretsManagerClients Clients, CancellationTokenSource Stop, Task Running) : IAsyncDisposable
        {
            public async ValueTask DisposeAsync()
            {
                await Stop.CancelAsync();
                await Running;
                await Manager.DisposeAsync();
                Clients.Dispose();
                Stop.Dispose();
            }
        }
    }
}
