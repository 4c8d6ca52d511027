using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.Repository;

namespace DeploymentOrchestrator.Tests.Deploy;

/// <summary>The operator's Pods meet the restricted Pod Security Standard, and every reference between the manifests resolves.</summary>
/// <remarks>Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted.</remarks>
public sealed class WorkloadTests
{
    private static readonly IReadOnlyList<JsonNode> Shipped = DeployFolder.Resources("base");

    private static JsonNode Deployment => Shipped.Named("Deployment")["spec"]!;

    private static JsonNode Pod => Deployment["template"]!["spec"]!;

    private static JsonNode Container => Assert.Single(Pod["containers"]!.AsArray())!;

    [Fact]
    public void The_operator_runs_without_root_and_without_capabilities()
    {
        var (pod, container) = (Pod["securityContext"]!, Container["securityContext"]!);

        Assert.True((bool)pod["runAsNonRoot"]!);
        Assert.InRange((int)pod["runAsUser"]!, 1, int.MaxValue);
        Assert.Equal("RuntimeDefault", (string?)pod["seccompProfile"]!["type"]);
        Assert.False((bool)container["allowPrivilegeEscalation"]!);
        Assert.True((bool)container["readOnlyRootFilesystem"]!);
        Assert.Equal(["ALL"], container["capabilities"]!["drop"]!.AsArray().Select(c => (string?)c));
        Assert.Null(container["capabilities"]!["add"]);
        Assert.All(new[] { "hostNetwork", "hostPID", "hostIPC", "volumes", "initContainers" }, key => Assert.Null(Pod[key]));
    }

    [Fact]
    public void The_operator_is_probed_on_the_ports_it_listens_on()
    {
        var port = Assert.Single(Container["ports"]!.AsArray())!;
        var args = Container["args"]!.AsArray().Select(a => (string?)a).ToList();

        Assert.Equal(("http", 8080), ((string?)port["name"], (int)port["containerPort"]!));
        Assert.Equal("operator", args[0]);
        Assert.Equal("0.0.0.0:8080", args[args.IndexOf("--listen") + 1]);
        Assert.Equal(("/healthz", "http"), Probe("livenessProbe"));
        Assert.Equal(("/readyz", "http"), Probe("readinessProbe"));
        Assert.All(Shipped.Named("Service")["spec"]!["ports"]!.AsArray(), p => Assert.Equal("TCP", (string?)p!["protocol"]));
        Assert.Equal("http", (string?)Assert.Single(Shipped.Named("Service")["spec"]!["ports"]!.AsArray())!["targetPort"]);
        Assert.Equal(8080, (int)Shipped.Named("NetworkPolicy")["spec"]!["ingress"]![0]!["ports"]![0]!["port"]!);

        static (string?, string?) Probe(string name) =>
            ((string?)Container[name]!["httpGet"]!["path"], (string?)Container[name]!["httpGet"]!["port"]);
    }

    [Fact]
    public void Only_named_namespaces_may_scrape_metrics()
    {
        var ingress = Assert.Single(Shipped.Named("NetworkPolicy")["spec"]!["ingress"]!.AsArray())!;

        var from = Assert.Single(ingress["from"]!.AsArray())!.AsObject();
        var named = Assert.Single(Assert.Single(from).Value!["matchExpressions"]!.AsArray())!;
        Assert.Equal(("kubernetes.io/metadata.name", "In"), ((string?)named["key"], (string?)named["operator"]));
        Assert.Equal(["monitoring"], named["values"]!.AsArray().Select(v => (string?)v));
    }

    [Fact]
    public void The_image_is_built_from_the_locked_packages() => Assert.Contains(
        "--property:RestoreLockedMode=true", File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile")), StringComparison.Ordinal);

    [Theory]
    [InlineData("SDK_IMAGE")]
    [InlineData("RUNTIME_IMAGE")]
    public void A_base_image_is_pinned_by_its_digest(string argument) => Assert.Matches(
        $@"(?m)^ARG {argument}=\S+:10\.0\.\d+-noble\S*@sha256:[0-9a-f]{{64}}$", File.ReadAllText(Path.Combine(SourceTree.Root, "Dockerfile")));

    [Fact]
    public void Two_replicas_spread_over_nodes_and_have_time_to_stop()
    {
        var spread = Assert.Single(Pod["topologySpreadConstraints"]!.AsArray())!;

        Assert.Equal(2, (int)Deployment["replicas"]!);
        Assert.Equal("kubernetes.io/hostname", (string?)spread["topologyKey"]);
        Assert.Equal(30, (int)Pod["terminationGracePeriodSeconds"]!);
    }

    [Fact]
    public void The_operator_has_resource_requests_and_limits()
    {
        var resources = Container["resources"]!;

        Assert.All(new[] { "cpu", "memory" }, key => Assert.NotNull(resources["requests"]![key]));
        Assert.Equal("512Mi", (string?)resources["limits"]!["memory"]);
    }

    [Fact]
    public void Every_selector_matches_the_Pods()
    {
        var labels = Deployment["template"]!["metadata"]!["labels"]!;
        JsonNode[] selectors =
        [
            Deployment["selector"]!["matchLabels"]!,
            Pod["topologySpreadConstraints"]![0]!["labelSelector"]!["matchLabels"]!,
            Shipped.Named("Service")["spec"]!["selector"]!,
            Shipped.Named("NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"]!,
        ];

        Assert.All(selectors, selector => Assert.All(selector.AsObject(), l => Assert.Equal((string?)l.Value, (string?)labels[l.Key])));
    }

    [Fact]
    public void The_operator_runs_as_the_ServiceAccount_that_has_the_rights() =>
        Assert.Equal((string?)Shipped.Named("ServiceAccount")["metadata"]!["name"], (string?)Pod["serviceAccountName"]);
}
