using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>The cluster's own RBAC decides what a Component may apply: as a ServiceAccount of its namespace, or as the operator within that
/// namespace.</summary>
public sealed class RightsTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private static readonly ResourceType ClusterWidget = new("tests.example.com", "v1", "ClusterWidget");

    // These tests provoke refusals.
    protected override bool IsNothingForbidden => false;

    [Fact]
    public async Task A_Component_with_a_ServiceAccount_applies_what_that_may_and_names_each_missing_right()
    {
        var other = await Namespaces.New(Store);
        await Cluster.CreateServiceAccount(Namespace, "deployer");
        await StartOperator();
        await Manifests("app", "deployer", ConfigMap("a", "1"), In(other, ConfigMap("b", "1")));

        await WaitFor("app", "Failed", $"the operator may not act as ServiceAccount {Namespace}/deployer: give it the verb impersonate on serviceaccounts");
        await Grant(Namespace, "act", """[{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"], "resourceNames": ["deployer"]}]""",
            Installation.Namespace, Installation.ServiceAccount);
        await RequestReconcile("app");
        await WaitFor("app", "Failed",
            $"ServiceAccount {Namespace}/deployer may not get, list, watch, create, patch, delete configmaps in namespace \"{Namespace}\": bind it to a "
            + $"Role there that may");
        const string all = """[{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch", "create", "patch", "delete"]}]""";
        await Grant(Namespace, "apply", all, Namespace, "deployer");
        await Grant(other, "apply", """[{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}]""", Namespace, "deployer");
        await RequestReconcile("app");
        await WaitFor("app", "Failed",
            $"ServiceAccount {Namespace}/deployer may not create, patch, delete configmaps in namespace \"{other}\": bind it to a Role there that may");
        await Grant(other, "apply", all, Namespace, "deployer");
        await RequestReconcile("app");
        await Ready("app");
        Assert.NotNull(await Live(ResourceType.ConfigMap, "b", other));

        // It is watched in the other namespace, too.
        var before = (string?)(await Live(ResourceType.ConfigMap, "b", other))!["metadata"]!["uid"];
        await Store.Delete(ResourceType.ConfigMap, new(other, "b"), new(), Cancellation);
        await Eventually.Holds(
            async () => await Live(ResourceType.ConfigMap, "b", other) is { } live && (string?)live["metadata"]!["uid"] != before, "the ConfigMap comes back");

        await Store.Delete(ResourceType.Component, new(Namespace, "app"), new(), Cancellation);
        await Eventually.Holds(async () => await Live(ResourceType.Component, "app") is null, "the Component's end");
        Assert.Null(await Live(ResourceType.ConfigMap, "a"));
        Assert.Null(await Live(ResourceType.ConfigMap, "b", other));
    }

    [Fact]
    public async Task A_Component_without_a_ServiceAccount_applies_in_its_own_namespace_only_and_names_each_missing_right()
    {
        await StartOperator();
        await Manifests("leaves", In("default", ConfigMap($"of-{Namespace}", "1")), Object("rbac.authorization.k8s.io/v1", "ClusterRole", Namespace));
        await Manifests("lacks", Object("v1", "Secret", "s"));

        await WaitFor("leaves", "Failed", "manifests[0].metadata.namespace: \"default\" is not this Component's namespace",
            "manifests[1].kind: a ClusterRole is cluster-scoped");
        await WaitFor("lacks", "Failed",
            $"the operator may not get, list, watch, create, patch, delete secrets in namespace \"{Namespace}\": add a ClusterRole with these verbs and "
            + $"the label");
        Assert.Null(await Live(ResourceType.ConfigMap, $"of-{Namespace}", "default"));
    }

    [Fact]
    public async Task A_ServiceAccount_that_may_follow_single_names_only_has_its_objects_corrected_at_once()
    {
        await Cluster.CreateServiceAccount(Namespace, "deployer");
        await Grant(Namespace, "act", """[{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"], "resourceNames": ["deployer"]}]""",
            Installation.Namespace, Installation.ServiceAccount);
        await Grant(Namespace, "apply", """
            [{"apiGroups": ["tests.example.com"], "resources": ["widgets"], "verbs": ["get", "list", "watch", "patch", "delete"], "resourceNames": ["a", "b"]},
             {"apiGroups": ["tests.example.com"], "resources": ["widgets"], "verbs": ["create"]}]
            """, Namespace, "deployer");
        await StartOperator();
        await Manifests("app", "deployer", Object("tests.example.com/v1", "Widget", "a"), Object("tests.example.com/v1", "Widget", "b"));
        await Ready("app");

        foreach (var name in new[] { "b", "a" })
        {
            var before = (string?)(await Live(Widget, name))!["metadata"]!["uid"];
            await Store.Delete(Widget, new(Namespace, name), new(), Cancellation);
            await Eventually.Holds(
                async () => await Live(Widget, name) is { } live && (string?)live["metadata"]!["uid"] != before, $"the Widget {name} comes back");
        }
    }

    [Fact]
    public async Task An_operator_with_the_manifest_scope_cluster_applies_and_deletes_cluster_scoped_kinds()
    {
        await Cluster.InstallCrd(Crd("clusterwidgets", "ClusterWidget", "Cluster"));
        await StartOperator("--manifest-scope", "cluster");
        await Manifests("app", Object("tests.example.com/v1", "ClusterWidget", Namespace), Object("tests.example.com/v1", "Widget", "w"));

        var component = await Ready("app");
        Assert.Equal([null, Namespace], component["status"]!["providerStatus"]!["appliedResources"]!.AsArray().Select(r => (string?)r!["namespace"]));

        // Watched without a namespace.
        var before = (string?)(await OfCluster(Namespace))!["metadata"]!["uid"];
        await Store.Delete(ClusterWidget, new(null, Namespace), new(), Cancellation);
        await Eventually.Holds(async () => await OfCluster(Namespace) is { } live && (string?)live["metadata"]!["uid"] != before, "the object comes back");

        await Manifests("app", Object("tests.example.com/v1", "Widget", "w"));
        await Eventually.Holds(async () => await OfCluster(Namespace) is null, "the prune");
        await Ready("app");

        Task<JsonObject?> OfCluster(string name) => Store.Get(ClusterWidget, new(null, name), Cancellation);
    }

    [Fact]
    public async Task The_tenants_overlay_lets_a_namespace_apply_what_its_ServiceAccount_may()
    {
        foreach (var document in ShippedManifest.Read("../overlays/tenants/tenant.yaml"))
            await (document with { Yaml = document.Yaml.Replace("myapp", Namespace, StringComparison.Ordinal) }).Apply(Cluster);
        // As the overlay describes, a team adds the rights that it needs besides ExternalSecrets.
        await Grant(Namespace, "more", """[{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch", "create", "patch", "delete"]}]""",
            Namespace, "deployer");
        await Eventually.Holds(() => MayImpersonate(Namespace, Installation.Namespace, Installation.ServiceAccount, "deployer"), "the tenant's rights");
        await StartOperator("--default-service-account", "deployer");
        await Manifests("app", ConfigMap("a", "1"));
        await Manifests("lacks", Object("v1", "Secret", "s"));

        await Ready("app");
        await WaitFor("lacks", "Failed", $"ServiceAccount {Namespace}/deployer may not get, list, watch, create, patch, delete secrets in namespace");
    }

    private static JsonObject In(string @namespace, JsonObject resource)
    {
        resource["metadata"]!["namespace"] = @namespace;
        return resource;
    }
}
