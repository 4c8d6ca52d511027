using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Manifests;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Plan;

/// <summary>
/// On a real cluster: a plan shows which outputs are known and which come later, and status since when one is awaited. The API server assigns a Service
/// its address; the test simulates the cloud controller, which assigns its host name.
/// </summary>
public sealed class OutputPlanTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private static readonly ResourceType Service = new("", "v1", "Service");

    private ObjectKey Web => new(Namespace, "web");

    [Fact]
    public async Task Fields_of_the_manifest_are_known_and_those_that_a_controller_fills_in_are_awaited()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "app.json");
        var app = App();
        await File.WriteAllTextAsync(file, app.ToJsonString(), Cancellation);

        // The address in the answer to a dry run is not the one that the Service gets.
        Assert.Equal(["host later", "ip later", "port known"], await Outputs(file));
        await StartOperator();
        await Store.Create(app, Cancellation);
        await Eventually.Holds(async () => await Store.Get(Service, Web, Cancellation) is not null, "the Service");
        await Eventually.Holds(async () => ((string?)(await Entrance())!["status"]?["message"])?.Contains("ingress[0]", StringComparison.Ordinal) == true,
            "the wait for its host name");

        Assert.Equal(["host later", "ip known", "port known"], await Outputs(file));
        var status = await Run("status", "app", "-n", Namespace);
        Assert.Contains("  waiting for Service web: status.loadBalancer.ingress[0].hostname", status, StringComparison.Ordinal);
        Assert.Matches("\n +- waiting for [0-9]+s, since [-0-9T:]+Z; its deploymentTimeout is over at [-0-9T:]+Z\n", status);
        Assert.Null(await SecretsManager.Describe($"{Namespace}/app"));

        var live = (await Store.Get(Service, Web, Cancellation))!;
        live["status"] = JsonNode.Parse("""{"loadBalancer":{"ingress":[{"hostname":"lb.example.com"}]}}""");
        await Store.ReplaceStatus(live, Cancellation);
        await AllReady(2);

        Assert.Equal(["host known", "ip known", "port known"], await Outputs(file));
        Assert.DoesNotContain("waiting", await Run("status", "app", "-n", Namespace), StringComparison.Ordinal);
        await AssertVersions(("app", 1));
    }

    [Fact]
    public async Task A_plan_knows_the_written_fields_of_an_object_that_it_creates()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "app.json");
        var app = NewResource.Composition(Namespace, "app", [
            new JsonObject
            {
                ["name"] = "entrance",
                ["type"] = "manifest",
                ["config"] = JsonNode.Parse("""
                    {"manifests": [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                       "spec": {"ports": [{"port": 80, "protocol": "TCP"}]}}]}
                    """),
            },
            new JsonObject
            {
                ["name"] = "reader",
                ["type"] = "config-reader",
                ["config"] = JsonNode.Parse("""
                    {"sources": [{"apiVersion": "v1", "kind": "Service", "name": "web",
                       "exports": [{"path": "spec.clusterIP", "as": "ip"}, {"path": "spec.ports[0].port", "as": "port"}]}]}
                    """),
                ["dependsOn"] = new JsonArray("entrance"),
            },
        ]);
        await File.WriteAllTextAsync(file, app.ToJsonString(), Cancellation);

        Assert.Equal(["ip later", "port known"], await Outputs(file));
    }

    private JsonObject App() => NewResource.Composition(Namespace, "app", [
        new JsonObject
        {
            ["name"] = "entrance",
            ["type"] = "manifest",
            ["config"] = JsonNode.Parse("""
                {"manifests": [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
                   "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "protocol": "TCP"}]}}],
                 "outputs": {
                   "ip": {"kind": "Service", "name": "web", "path": "spec.clusterIP"},
                   "port": {"kind": "Service", "name": "web", "path": "spec.ports[0].port"},
                   "host": {"kind": "Service", "name": "web", "path": "status.loadBalancer.ingress[0].hostname"}}}
                """),
        },
        new JsonObject
        {
            ["name"] = "credentials",
            ["type"] = "secret-push",
            ["config"] = JsonNode.Parse($$$"""
                {"region": "us-east-1", "secretName": "{{{Namespace}}}/app", "fields": {"host": {"value": "{{ .entrance.providerStatus.host }}"} } }
                """),
        },
    ]);

    private Task<JsonObject?> Entrance() => Store.Get(ResourceType.Component, new(Namespace, "app-entrance"), Cancellation);

    private async Task<IReadOnlyList<string>> Outputs(string file)
    {
        var plan = JsonNode.Parse(await Run("plan", file, "--cluster", "--aws", "-o", "json"))!;
        return [.. plan["items"]!.AsArray().SelectMany(i => i!["outputs"]?.AsArray() ?? [])
            .Select(o => $"{o!["name"]} {((bool)o["known"]! ? "known" : "later")}").Order(StringComparer.Ordinal)];
    }

    private async Task<string> Run(params string[] arguments) =>
        (await Dorch.Run(SecretsManager.Environment, [.. arguments, "--kubeconfig", Cluster.Kubeconfig])).Exited(0).Output;
}
