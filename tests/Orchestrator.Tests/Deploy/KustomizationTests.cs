using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Deploy;

/// <summary>What kubectl renders from the base and the overlays.</summary>
public sealed class KustomizationTests
{
    [Fact]
    public async Task The_base_is_all_of_its_files()
    {
        var rendered = await DeployFolder.Render("base");

        Assert.Equal(Names(DeployFolder.Resources("base")), Names(rendered));
    }

    [Fact]
    public async Task The_image_has_a_tag() =>
        Assert.Equal("dorch:dev", (string?)Container(await DeployFolder.Render("base"))["image"]);

    [Fact]
    public async Task The_overlay_cluster_wide_adds_rights_to_the_base_and_nothing_else()
    {
        var added = Names(await DeployFolder.Render("overlays/cluster-wide")).Except(Names(await DeployFolder.Render("base")), StringComparer.Ordinal);

        Assert.Equal(
            [
                "rbac.authorization.k8s.io/v1 ClusterRole /dorch-manifests-external-secrets",
                "rbac.authorization.k8s.io/v1 ClusterRole /dorch-operator-configmaps",
                "rbac.authorization.k8s.io/v1 ClusterRoleBinding /dorch-operator-configmaps",
            ],
            added);
    }

    [Fact]
    public async Task The_overlay_servicemonitor_adds_a_monitor_of_the_Service()
    {
        var rendered = await DeployFolder.Render("overlays/servicemonitor");

        var spec = rendered.Named("ServiceMonitor")["spec"]!;
        var service = rendered.Named("Service");
        Assert.Equal(Names([.. await DeployFolder.Render("base"), rendered.Named("ServiceMonitor")]), Names(rendered));
        Assert.All(spec["selector"]!["matchLabels"]!.AsObject(), l => Assert.Equal((string?)l.Value, (string?)service["metadata"]!["labels"]![l.Key]));
        Assert.Equal((string?)service["spec"]!["ports"]![0]!["name"], (string?)Assert.Single(spec["endpoints"]!.AsArray())!["port"]);
    }

    [Fact]
    public async Task The_overlay_namespaced_has_rights_in_its_namespace_only()
    {
        var rendered = await DeployFolder.Render("overlays/namespaced");

        var args = Container(rendered)["args"]!.AsArray().Select(a => (string?)a).ToList();
        Assert.Equal("myapp", args[args.IndexOf("--namespace") + 1]);
        Assert.Equal(["dorch-operator-kinds", "dorch-operator-namespaces"], OfKind("ClusterRoleBinding").Select(Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "deployment-orchestrator/dorch-operator", "myapp/dorch-operator", "myapp/dorch-operator-applied", "myapp/dorch-operator-config-reader",
                "myapp/dorch-operator-configmaps", "myapp/dorch-operator-manifests",
            ],
            OfKind("RoleBinding").Select(b => $"{b["metadata"]!["namespace"]}/{Name(b)}").Order(StringComparer.Ordinal));
        // Its Lease is named after the namespace.
        Assert.Equal("dorch-operator-myapp", (string?)Assert.Single(rendered.Named("Role")["rules"]![1]!["resourceNames"]!.AsArray()));

        IEnumerable<JsonNode> OfKind(string kind) => rendered.Where(r => (string?)r["kind"] == kind);
    }

    [Fact]
    public async Task The_overlay_tenants_applies_nothing_and_reads_ConfigMaps_alone_by_the_operators_own_rights()
    {
        var rendered = await DeployFolder.Render("overlays/tenants");

        var args = Container(rendered)["args"]!.AsArray().Select(a => (string?)a).ToList();
        var account = rendered.Named("ServiceAccount", args[args.IndexOf("--default-service-account") + 1]!);
        Assert.DoesNotContain(
            rendered, r => (string?)r["kind"] == "ClusterRoleBinding" && Name(r) is "dorch-operator-manifests" or "dorch-operator-config-reader");
        Assert.Equal(("ServiceAccount", Name(account), "myapp"), Subject(rendered.Named("RoleBinding", "dorch-manifests")));
        Assert.Equal(
            """[{"apiGroups":[""],"resources":["serviceaccounts"],"verbs":["impersonate"],"resourceNames":["deployer"]}]""",
            Sorted(rendered.Named("Role", "dorch-operator-impersonate")["rules"]!));
        Assert.Equal(("ServiceAccount", "dorch-operator", "deployment-orchestrator"), Subject(rendered.Named("RoleBinding", "dorch-operator-impersonate")));
    }

    private static (string?, string?, string?) Subject(JsonNode binding)
    {
        var subject = Assert.Single(binding["subjects"]!.AsArray())!;
        return ((string?)subject["kind"], (string?)subject["name"], (string?)subject["namespace"]);
    }

    private static string Sorted(JsonNode rules) => new JsonArray(
        [.. rules.AsArray()
            .Select(r => new JsonObject(new[] { "apiGroups", "resources", "verbs", "resourceNames" }.Select(k => KeyValuePair.Create(k, r![k]?.DeepClone()))))])
        .ToJsonString();

    private static JsonNode Container(IReadOnlyList<JsonNode> resources) =>
        Assert.Single(resources.Named("Deployment")["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;

    private static IEnumerable<string> Names(IEnumerable<JsonNode> resources) =>
        resources.Select(r => $"{r["apiVersion"]} {r["kind"]} {r["metadata"]!["namespace"]}/{Name(r)}").Order(StringComparer.Ordinal);

    private static string Name(JsonNode resource) => (string)resource["metadata"]!["name"]!;
}
