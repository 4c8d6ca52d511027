using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Entries and Components of <c>manifest</c>, and the state of their objects.</summary>
internal static class HandedObjects
{
    private static readonly ResourceType ClaimType = new("", "v1", "PersistentVolumeClaim");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Entry(string name, params string[] manifests) =>
        $$$"""{"name":"{{{name}}}","type":"manifest","config":{"manifests":[{{{string.Join(',', manifests)}}}]}}""";

    /// <summary>An object that loses its data when it is deleted.</summary>
    public static string Claim(string name) =>
        $$$"""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{name}}}"},"spec":{"size":"1Gi"}}""";

    public static string Cluster(string name) =>
        $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"{{name}}"},"rules":[]}""";

    public static Task PutManifests(EmbeddedCluster cluster, string name, params string[] manifests) =>
        cluster.PutComponent(name, JsonNode.Parse($$"""{"manifests":[{{string.Join(',', manifests)}}]}""")!.AsObject(), "manifest");

    public static async Task<string?> Uid(EmbeddedCluster cluster, string name) => (string?)(await Get(cluster, name))?["metadata"]!["uid"];

    public static async Task<string?> Owner(EmbeddedCluster cluster, string name) =>
        (string?)(await Get(cluster, name))?["metadata"]!["annotations"]?["deployment-orchestrator.io/owner"];

    /// <summary>The existing Components, by name.</summary>
    public static async Task<IReadOnlyList<string>> Children(EmbeddedCluster cluster, string beginning = "", string ns = "default") =>
        [.. (await cluster.Store.List(ResourceType.Component, ns, Cancellation)).Items.Select(c => (string)c["metadata"]!["name"]!)
            .Where(n => n.StartsWith(beginning, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The names of the objects that a Component knows as its own.</summary>
    public static async Task<IReadOnlyList<string>> Inventory(EmbeddedCluster cluster, string component) =>
        [.. (await cluster.Component(component)).Status!.Applied!["resources"]!.AsArray().Select(r => (string)r!["name"]!)];

    public static async Task Pause(EmbeddedCluster cluster, string component, string value = "true")
    {
        var live = (await cluster.Store.Get(ResourceType.Component, new("default", component), Cancellation))!;
        var annotations = live["metadata"]!["annotations"] as JsonObject ?? [];
        annotations[ApiGroup.PausedAnnotation] = value;
        live["metadata"]!["annotations"] = annotations.DeepClone();
        await cluster.Store.Replace(live, Cancellation);
        await cluster.WhenQuiet();
    }

    /// <summary>Lets some seconds pass; the Composition must be Ready then.</summary>
    public static async Task AssertReadySoon(EmbeddedCluster cluster, string composition)
    {
        await cluster.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        var status = (await cluster.Composition(composition)).Status!;
        Assert.True(status.Phase == Phase.Ready, $"{status.Phase}: {status.Message}");
    }

    private static Task<JsonObject?> Get(EmbeddedCluster cluster, string name) => cluster.Store.Get(ClaimType, new("default", name), Cancellation);
}
