using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Disruptions of a cluster. These tests run alone, because others would be affected, too.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DisruptionTests(KubernetesCluster cluster) : ClusterTest(cluster)
{
    public const string Name = "Disruptions";

    [Fact]
    public async Task A_watch_ends_with_the_API_server_and_resumes_on_the_next_one()
    {
        var name = await NewNamespace();
        var from = (await Store.List(ResourceType.ConfigMap, name, Cancellation)).ResourceVersion;
        await using var watch = Store.Watch(ResourceType.ConfigMap, name, from, Cancellation).GetAsyncEnumerator(Cancellation);
        await Store.Create(ConfigMap(name, "first"), Cancellation);
        await Until(watch, "first");

        await Cluster.RestartApiServer();

        await Rest(watch).WaitAsync(Patience.Limit, Cancellation);
        // A server that has just started may not know the last version seen, and then answers Expired.
        from = (await Store.List(ResourceType.ConfigMap, name, Cancellation)).ResourceVersion;
        var second = await Store.Create(ConfigMap(name, "second"), Cancellation);
        await using var next = Store.Watch(ResourceType.ConfigMap, name, from, Cancellation).GetAsyncEnumerator(Cancellation);
        await Until(next, "second");
        Assert.Equal(VersionOf(second), VersionOf(next.Current.Resource));

        // The controllers' kube-root-ca.crt may arrive, too.
        static async Task Until(IAsyncEnumerator<WatchEvent> events, string name)
        {
            do
                Assert.True(await events.MoveNextAsync());
            while (events.Current.Type == WatchEventType.Bookmark || ObjectKey.Of(events.Current.Resource).Name != name);
        }

        static async Task Rest(IAsyncEnumerator<WatchEvent> events)
        {
            while (await events.MoveNextAsync())
                Assert.NotEqual(WatchEventType.Deleted, events.Current.Type);
        }
    }

    [Fact]
    public async Task A_watch_from_a_compacted_version_is_Expired()
    {
        var name = await NewNamespace();
        var created = await Store.Create(ConfigMap(name, "a"), Cancellation);
        await Store.Create(ConfigMap(name, "b"), Cancellation);
        await Cluster.CompactEtcd();
        await Cluster.RestartApiServer();

        var refusal = await Assert.ThrowsAsync<ResourceException>(async () =>
        {
            await foreach (var happened in Store.Watch(ResourceType.ConfigMap, name, VersionOf(created), Cancellation))
                Assert.Fail($"reported {happened}");
        });

        Assert.Equal(ResourceError.Expired, refusal.Error);
    }

    [Fact]
    public async Task An_informer_misses_nothing_of_a_restart_with_compacted_history()
    {
        await using var cached = await Cached.Start(this, Store);
        await Store.Create(ConfigMap(cached.Namespace, "goes"), Cancellation);
        await cached.Reports("goes", isThere: true);

        await Cluster.RestartApiServer();
        await Store.Delete(ResourceType.ConfigMap, new(cached.Namespace, "goes"), new(), Cancellation);
        await Store.Create(ConfigMap(cached.Namespace, "comes"), Cancellation);
        await Cluster.CompactEtcd();
        await Cluster.RestartApiServer();

        await cached.Reports("comes", isThere: true);
        Assert.Null(cached.Get("goes"));
    }

    [Fact]
    public async Task An_informer_gives_up_a_frozen_connection_and_misses_nothing()
    {
        await using var proxy = new FreezingProxy(Cluster.Server);
        var store = NewStore(
            ClusterAccess.Kubeconfig(Cluster.KubeconfigOf("frozen", Cluster.AdminToken, proxy.Address)),
            new() { PingAfter = TimeSpan.FromSeconds(1) });
        await using var cached = await Cached.Start(this, store);
        await Store.Create(ConfigMap(cached.Namespace, "before"), Cancellation);
        await cached.Reports("before", isThere: true);

        await proxy.Freeze();
        await Store.Create(ConfigMap(cached.Namespace, "meanwhile"), Cancellation);

        await cached.Reports("meanwhile", isThere: true);
    }

    [Fact]
    public async Task A_write_on_a_frozen_connection_is_Unavailable_and_the_next_one_succeeds()
    {
        var name = await NewNamespace();
        await using var proxy = new FreezingProxy(Cluster.Server);
        var store = NewStore(
            ClusterAccess.Kubeconfig(Cluster.KubeconfigOf("frozen", Cluster.AdminToken, proxy.Address)),
            new() { PingAfter = TimeSpan.FromSeconds(1) });
        await store.Create(ConfigMap(name, "before"), Cancellation);

        await proxy.Freeze();

        var refusal = await Assert.ThrowsAsync<ResourceException>(() => store.Create(ConfigMap(name, "lost"), Cancellation));
        Assert.Equal(ResourceError.Unavailable, refusal.Error);
        await store.Create(ConfigMap(name, "after"), Cancellation);
    }

    private async Task<string> NewNamespace() => await Namespaces.New(Store);

    private static JsonObject ConfigMap(string @namespace, string name) => NewResource.ConfigMap(@namespace, name);

    private static string VersionOf(JsonObject resource) => (string)resource["metadata"]!["resourceVersion"]!;

    /// <summary>A running informer of a namespace's ConfigMaps, and the changes that it has reported.</summary>
    private sealed class Cached : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Channel<ResourceChange<JsonObject>> changes = Channel.CreateUnbounded<ResourceChange<JsonObject>>();
        private readonly Informer<JsonObject> cache;
        private readonly Task running;

        private Cached(IResourceStore store, string @namespace)
        {
            Namespace = @namespace;
            cache = new(store, new(store, ResourceType.ConfigMap, ApiJson.Default.JsonObject), TimeProvider.System, NullLogger.Instance, @namespace);
            cache.Subscribe(change => changes.Writer.TryWrite(change));
            running = cache.Run(stop.Token);
        }

        public string Namespace { get; }

        public static async Task<Cached> Start(DisruptionTests test, IResourceStore store)
        {
            var cached = new Cached(store, await test.NewNamespace());
            await cached.cache.Synced.Soon();
            return cached;
        }

        public JsonObject? Get(string name) => cache.Get(new(Namespace, name));

        public async Task Reports(string name, bool isThere)
        {
            while (true)
            {
                var change = await changes.Next();
                if (change.Key.Name == name && change.After is not null == isThere)
                    return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
        }
    }
}
