using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Tests.Cli.Running;

public sealed class ResourceApplyTests
{
    private readonly InMemoryResourceStore store = new(TimeProvider.System, (_, key) => $"uid-of-{key}");
    private readonly ResourceApply apply;

    public ResourceApplyTests() => apply = new(store);

    [Fact]
    public async Task Namespaces_are_applied_first_and_a_missing_one_is_created()
    {
        var refused = await Apply(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: later}}",
            "{apiVersion: v1, kind: Namespace, metadata: {name: later, labels: {team: x}}}",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: nobodys}}",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");

        Assert.Empty(refused);
        Assert.NotNull(await ConfigMap("a", "later"));
        Assert.NotNull(await ConfigMap("b", "nobodys"));
        Assert.NotNull(await ConfigMap("c", "default"));
        Assert.Equal(["later", "later/a", "nobodys/b", "default/c"], apply.Applied.Select(a => a.Key.ToString()));
    }

    [Fact]
    public async Task Fields_that_a_cluster_sets_are_not_applied()
    {
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: x, resourceVersion: '99', generation: 7, managedFields: []}, status: {a: b}}");
        var refused = await Apply(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: x, resourceVersion: '99', generation: 7, managedFields: []}, data: {a: b}}");

        Assert.Empty(refused);
        var written = await ConfigMap("a");
        Assert.Equal("uid-of-default/a", (string?)written!["metadata"]!["uid"]);
        Assert.Equal("b", (string?)written["data"]!["a"]);
        Assert.Null(written["status"]);
    }

    [Fact]
    public async Task A_cluster_scoped_resource_gets_no_namespace_whatever_the_file_says()
    {
        const string Realm = "{apiVersion: example.com/v1, kind: Realm, metadata: {name: one}}";

        var refused = await Apply(
            Realm,
            "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast, namespace: ignored}}",
            "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: realms.example.com}, spec: {group: example.com, "
                + "scope: Cluster, names: {kind: Realm}}}");

        Assert.Empty(refused);
        Assert.Equal(["realms.example.com", "one", "fast"], apply.Applied.Select(a => a.Key.ToString()));
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}");
        Assert.Empty((await store.List(new("example.com", "v1", "Realm"), null, TestContext.Current.CancellationToken)).Items);
    }

    [Fact]
    public async Task Resources_and_fields_removed_from_the_files_are_deleted()
    {
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1', y: '2'}}", "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1'}}");

        Assert.Equal("""{"x":"1"}""", (await ConfigMap("a"))!["data"]!.ToJsonString());
        Assert.Null(await ConfigMap("b"));
    }

    [Fact]
    public async Task A_resource_that_the_store_refuses_is_reported_at_its_place_and_not_changed()
    {
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: '1'}}");
        var refused = await Apply(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, ownerReferences: 7, finalizers: 8, deletionGracePeriodSeconds: 9, labels: [1]}}");

        Assert.StartsWith("m.yaml:1:1: error: resource is invalid: ", Assert.Single(refused).ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"x":"1"}""", (await ConfigMap("a"))!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_resource_that_another_client_deleted_is_missing()
    {
        await Apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
        Assert.False(await apply.IsAnythingMissing(TestContext.Current.CancellationToken));

        await store.Delete(ResourceType.ConfigMap, new("default", "a"), new(), TestContext.Current.CancellationToken);

        Assert.True(await apply.IsAnythingMissing(TestContext.Current.CancellationToken));
    }

    private Task<JsonObject?> ConfigMap(string name, string @namespace = "default") =>
        store.Get(ResourceType.ConfigMap, new(@namespace, name), TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<Diagnostic>> Apply(params string[] documents)
    {
        var resources = documents.SelectMany(text =>
        {
            var composer = new YamlComposer("m.yaml", new(text, 0, 0));
            return composer.Compose().Select(node => YamlConverter.Convert(node, composer.NodeCount, text.Length))
                .Select(d => new ManifestResource(d.Root!.AsObject(), d.Map, ""));
        });
        return apply.Apply([.. resources], TestContext.Current.CancellationToken);
    }
}
