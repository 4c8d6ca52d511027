using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>Outputs of objects of a custom kind with a status subresource, on a real API server. The test simulates their controller.</summary>
public sealed class OutputTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private const string Endpoint = """
        {"endpoint": {"kind": "Widget", "name": "orders", "path": "status.endpoint.address"},
         "port": {"kind": "Widget", "name": "orders", "path": "status.endpoint.port"},
         "ready": {"kind": "Widget", "name": "orders", "path": "status.conditions[type=Up].status", "default": "Unknown"},
         "clusterIP": {"kind": "Service", "name": "orders", "path": "spec.clusterIP"}}
        """;

    [Fact]
    public async Task Outputs_of_a_custom_resource_are_waited_for_follow_it_and_are_kept_when_they_vanish()
    {
        await StartOperator();
        await Apply();
        await Configured("app", "manifest", Config("{}", ConfigMap("env", "{{ .db.providerStatus.endpoint }}:{{ .db.providerStatus.port }}")));
        await WaitFor("db", "Deploying", "waiting for Widget orders: status.endpoint.address, status.endpoint.port");

        await SetStatus(Widget, "orders", """{"endpoint": {"address": "", "port": 5432}}""");
        await Until("db", c => (int?)c["status"]!["providerStatus"]!["port"] == 5432, "the port is known");
        await WaitFor("db", "Deploying", "waiting for Widget orders: status.endpoint.address");
        Assert.Null(await Live(ResourceType.ConfigMap, "env"));

        await SetStatus(Widget, "orders", """{"endpoint": {"address": "a.example.org", "port": 5432}, "conditions": [{"type": "Up", "status": "True"}]}""");
        var ready = await Ready("db");
        Assert.Equal("True", (string?)ready["status"]!["providerStatus"]!["ready"]);
        var service = await Live(new("", "v1", "Service"), "orders");
        Assert.Equal((string?)service!["spec"]!["clusterIP"], (string?)ready["status"]!["providerStatus"]!["clusterIP"]);
        await Env("a.example.org:5432");

        await SetStatus(Widget, "orders", """{"endpoint": {"address": "b.example.org", "port": 5432}}""");
        await Env("b.example.org:5432");

        await SetStatus(Widget, "orders", "{}");
        await WaitFor("db", "Ready", "keep their last values, as it is gone from Widget orders: status.endpoint.address, status.endpoint.port");
        await Env("b.example.org:5432");
    }

    [Fact]
    public async Task An_object_that_was_deleted_and_created_again_gives_no_old_endpoint()
    {
        await StartOperator();
        await Apply();
        await SetStatus(Widget, "orders", """{"endpoint": {"address": "a.example.org", "port": 5432}}""");
        await Ready("db");

        await Store.Delete(Widget, new(Namespace, "orders"), new(), Cancellation);

        var waiting = await WaitFor("db", "Deploying", "waiting for Widget orders: status.endpoint.address, status.endpoint.port");
        Assert.False(waiting["status"]!["providerStatus"]!.AsObject().ContainsKey("endpoint"));
        await SetStatus(Widget, "orders", """{"endpoint": {"address": "c.example.org", "port": 5432}}""");
        Assert.Equal("c.example.org", (string?)(await Ready("db"))["status"]!["providerStatus"]!["endpoint"]);
    }

    private Task Apply() => Configured("db", "manifest", Config(
        Endpoint, Object("tests.example.com/v1", "Widget", "orders"),
        Object("v1", "Service", "orders", """{"spec": {"ports": [{"port": 5432, "protocol": "TCP"}]}}""")));

    private static JsonObject Config(string outputs, params JsonObject[] manifests) =>
        new() { ["manifests"] = new JsonArray([.. manifests]), ["outputs"] = JsonNode.Parse(outputs) };

    private Task<JsonObject?> Env(string value) =>
        UntilLive(ResourceType.ConfigMap, "env", live => (string?)live?["data"]?["k"] == value, $"has {value}");
}
