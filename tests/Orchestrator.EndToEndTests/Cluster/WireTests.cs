using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Behaviour of the store beyond its contract.</summary>
public sealed class WireTests(KubernetesCluster cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task A_list_of_several_pages_is_complete_and_each_item_has_its_kind()
    {
        var name = await Namespaces.New(Store);
        var names = Enumerable.Range(0, 10).Select(i => $"item-{i}").ToList();
        foreach (var item in names)
            await Store.Create(NewResource.ConfigMap(name, item), Cancellation);

        var list = await NewStore(options: new() { PageSize = 3 }).List(ResourceType.ConfigMap, name, Cancellation);

        Assert.Equal(names, list.Items.Select(i => ObjectKey.Of(i).Name).Where(n => n.StartsWith("item-", StringComparison.Ordinal)));
        Assert.All(list.Items, i => Assert.Equal(ResourceType.ConfigMap, ResourceType.Of(i)));
        Assert.All(list.Items, i => Assert.Null(i.Parent));
    }

    [Fact]
    public async Task A_watch_ends_when_the_server_ends_it_after_its_timeout()
    {
        var list = await Store.List(ResourceType.Component, null, Cancellation);
        var name = await Namespaces.New(Store);

        await foreach (var happened in NewStore(options: new() { WatchTimeout = TimeSpan.FromSeconds(1) })
            .Watch(ResourceType.Component, name, list.ResourceVersion, Cancellation))
        {
            Assert.Equal(WatchEventType.Bookmark, happened.Type);
        }
    }

    [Fact]
    public async Task A_call_of_a_server_that_does_not_listen_is_Unavailable()
    {
        var store = NewStore(ClusterAccess.Kubeconfig(Cluster.KubeconfigOf("nobody", Cluster.AdminToken, new($"https://127.0.0.1:{FreePort.Next()}"))));
        foreach (var call in new Func<Task>[]
        {
            () => store.Get(ResourceType.ConfigMap, new("default", "a"), Cancellation),
            () => store.List(ResourceType.ConfigMap, null, Cancellation),
            () => store.Create(NewResource.ConfigMap("default", "a"), Cancellation),
            () => store.Watch(ResourceType.ConfigMap, null, "1", Cancellation).GetAsyncEnumerator(Cancellation).MoveNextAsync().AsTask(),
        })
        {
            Assert.Equal(ResourceError.Unavailable, (await Assert.ThrowsAsync<ResourceException>(call)).Error);
        }
    }

    [Fact]
    public async Task A_manifest_with_a_status_that_another_client_owns_is_applied()
    {
        var created = await Store.Create(NewResource.Component(await Namespaces.New(Store), "a", new() { ["handler"] = "manifest" }), Cancellation);
        created["status"] = new JsonObject { ["phase"] = "Ready" };
        await Store.ReplaceStatus(created, Cancellation);
        var manifest = NewResource.Component(ObjectKey.Of(created).Namespace!, "a", new() { ["handler"] = "manifest" });
        manifest["status"] = new JsonObject { ["phase"] = "Failed" };

        var applied = await Store.Apply(manifest, new("red"), Cancellation);

        Assert.Equal("Ready", (string?)applied["status"]!["phase"]);
    }

    [Fact]
    public async Task An_object_nested_too_deep_is_unreadable_and_spoils_neither_list_nor_watch()
    {
        var name = await Namespaces.New(Store);
        var from = (await Store.List(ResourceType.Component, name, Cancellation)).ResourceVersion;
        var config = new JsonObject();
        for (var depth = 0; depth < 500; depth++)
            config = new() { ["a"] = config };
        await Store.Create(NewResource.Component(name, "deep", new() { ["handler"] = "manifest", ["config"] = config }), Cancellation);

        var listed = Assert.Single((await Store.List(ResourceType.Component, name, Cancellation)).Items);
        await using var watch = Store.Watch(ResourceType.Component, name, from, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await watch.MoveNextAsync());

        Assert.Equal("deep", ObjectKey.Of(watch.Current.Resource).Name);
        var client = new ResourceClient<Component>(Store, ResourceType.Component, ApiJson.Default.Component);
        Assert.Equal(ResourceError.Invalid, Assert.Throws<ResourceException>(() => client.Read(listed)).Error);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/../../b")]
    [InlineData("a%2fb")]
    public async Task A_name_that_is_a_path_is_Invalid_and_addresses_no_other_resource(string name)
    {
        var @namespace = await Namespaces.New(Store);
        foreach (var key in new ObjectKey[] { new(@namespace, name), new(name, "a") })
        {
            var refusal = await Assert.ThrowsAsync<ResourceException>(() => Store.Delete(ResourceType.ConfigMap, key, new(), Cancellation));
            Assert.Equal(ResourceError.Invalid, refusal.Error);
        }

        Assert.NotNull(await Store.Get(ResourceType.Namespace, new(null, @namespace), Cancellation));
    }

    [Fact]
    public async Task Names_of_RBAC_may_have_colons() =>
        Assert.NotNull(await Store.Get(new("rbac.authorization.k8s.io", "v1", "ClusterRole"), new(null, "system:node"), Cancellation));
}
