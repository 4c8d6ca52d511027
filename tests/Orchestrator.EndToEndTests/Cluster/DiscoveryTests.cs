using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Kinds are created and deleted while a store runs.</summary>
public sealed class DiscoveryTests(KubernetesCluster cluster) : ClusterTest(cluster)
{
    private readonly string group = $"{Namespaces.Unique("g")}.example.com";

    [Fact]
    public async Task A_kind_is_served_from_the_creation_of_its_CRD_until_its_deletion()
    {
        var name = await Namespaces.New(Store);
        var type = new ResourceType(group, "v1", "Widget");
        Assert.Empty((await NotServed(type)).Details);

        await Cluster.InstallCrd(Crd("Namespaced", "v1"));
        Assert.Null(await Store.Get(type, new(name, "a"), Cancellation));
        await Store.Create(Widget(name, "a"), Cancellation);

        await Cluster.RemoveCrd($"widgets.{group}");
        await NotServed(type);

        // The same kind again, now cluster-scoped: the cached discovery is outdated.
        await Cluster.InstallCrd(Crd("Cluster", "v1"));
        Assert.Equal("b", ObjectKey.Of(await Store.Create(Widget(null, "b"), Cancellation)).Name);
    }

    [Fact]
    public async Task A_kind_in_another_version_is_NotServed_with_the_versions_that_are()
    {
        await Cluster.InstallCrd(Crd("Namespaced", "v1", "v1beta2"));

        var refusal = await NotServed(new(group, "v1beta1", "Widget"));

        Assert.Equal(["v1", "v1beta2"], refusal.Details.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "v7")]
    [InlineData("apps", "v1beta1")]
    [InlineData("..", "v1")]
    [InlineData("apps", "../v1")]
    [InlineData("apps", "")]
    public async Task Unknown_versions_and_groups_are_NotServed(string of, string version) => await NotServed(new(of, version, "Deployment"));

    [Fact]
    public async Task Deployments_in_a_removed_version_are_NotServed_with_v1() =>
        Assert.Equal(["v1"], (await NotServed(new("apps", "v1beta1", "Deployment"))).Details);

    private async Task<ResourceException> NotServed(ResourceType type)
    {
        var refusal = await Assert.ThrowsAsync<ResourceException>(() => Store.Get(type, new("default", "a"), Cancellation));
        Assert.Equal(ResourceError.NotServed, refusal.Error);
        return refusal;
    }

    private JsonObject Widget(string? @namespace, string name)
    {
        var widget = new JsonObject { ["apiVersion"] = $"{group}/v1", ["kind"] = "Widget", ["metadata"] = new JsonObject { ["name"] = name } };
        if (@namespace is not null)
            widget["metadata"]!["namespace"] = @namespace;
        return widget;
    }

    private string Crd(string scope, params string[] versions) => $"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: widgets.{group}
        spec:
          group: {group}
          scope: {scope}
          names:
            kind: Widget
            plural: widgets
          versions:
            {string.Join("\n    ", versions.Select(v => Version(v, isStored: v == versions[0])))}
        """;

    private static string Version(string name, bool isStored) =>
        $"- {{name: {name}, served: true, storage: {(isStored ? "true" : "false")}, schema: {{openAPIV3Schema: {{type: object}}}}}}";
}
