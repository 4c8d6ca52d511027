using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>
/// A database of AWS Controllers for Kubernetes is ready when its controller reports so. The API server is real; the kind is the test's own, in a subgroup
/// of ACK's, and the test simulates its controller.
/// </summary>
public sealed class SimulatedAckTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private const string Group = "played.services.k8s.aws";

    private const string Role = $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: test-played-ack
          labels:
            deployment-orchestrator.io/aggregate-to-manifests: "true"
        rules:
          - apiGroups: [{{Group}}]
            resources: [dbinstances]
            verbs: [get, list, watch, create, patch, delete]
        """;

    private static readonly ResourceType DBInstance = new(Group, "v1alpha1", "DBInstance");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Cluster.Apply("apis/rbac.authorization.k8s.io/v1/clusterroles/test-played-ack", Role);
        await Cluster.InstallCrd($$$"""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: dbinstances.{{{Group}}}
            spec:
              group: {{{Group}}}
              scope: Namespaced
              names: {kind: DBInstance, listKind: DBInstanceList, plural: dbinstances, singular: dbinstance}
              versions:
                - name: v1alpha1
                  served: true
                  storage: true
                  subresources: {status: {}}
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """);
        await Eventually.Holds(() => Installation.MayDo(Cluster, Group, "dbinstances", "patch", Namespace), "the operator's right to apply");
    }

    [Fact]
    public async Task A_DBInstance_is_Ready_once_simulated_ACK_has_synced_it()
    {
        await StartOperator();
        await Manifests("db", Database());
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: ACK has not reported a status yet");

        await Ack("""{"type": "ACK.ResourceSynced", "status": "False", "message": "DBInstance is in state creating"}""");
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: DBInstance is in state creating");

        await Ack("""{"type": "ACK.Recoverable", "status": "True", "message": "not authorized to perform rds:CreateDBInstance"}""",
            """{"type": "ACK.ResourceSynced", "status": "Unknown"}""");
        await WaitFor("db", "Deploying", "not authorized to perform rds:CreateDBInstance");

        await Ack("""{"type": "ACK.Terminal", "status": "True", "message": "InvalidParameterValue: Invalid DB engine"}""",
            """{"type": "ACK.ResourceSynced", "status": "False"}""");
        await WaitFor("db", "Failed", $"DBInstance {Namespace}/orders failed: InvalidParameterValue: Invalid DB engine");

        await Ack("""{"type": "ACK.ResourceSynced", "status": "True"}""");
        await Ready("db");
    }

    [Fact]
    public async Task A_readyWhen_rule_replaces_the_rule_for_ACK()
    {
        await StartOperator();
        await Configured("db", "manifest", new()
        {
            ["manifests"] = new JsonArray(Database()),
            ["readyWhen"] = JsonNode.Parse("""
                [{"kind": "DBInstance", "name": "orders", "for": "jsonpath={.status.dbInstanceStatus}=available"},
                 {"kind": "DBInstance", "name": "orders", "for": "jsonpath={.status.endpoint.address}"}]
                """),
        });
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: status.dbInstanceStatus is not there yet, waiting for available");

        await SetStatus(DBInstance, "orders", """{"dbInstanceStatus": "creating"}""");
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: status.dbInstanceStatus is creating, waiting for available");

        await SetStatus(DBInstance, "orders", """{"dbInstanceStatus": "available", "endpoint": {"address": ""}}""");
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: status.endpoint.address is empty, waiting for a value");

        await SetStatus(DBInstance, "orders", """
            {"dbInstanceStatus": "available", "endpoint": {"address": "orders.example.com"},
             "conditions": [{"type": "ACK.ResourceSynced", "status": "False"}]}
            """);
        await Ready("db");

        // A changed rule changes the spec, so it applies at once.
        await Configured("db", "manifest", new()
        {
            ["manifests"] = new JsonArray(Database()),
            ["readyWhen"] = JsonNode.Parse("""[{"kind": "DBInstance", "name": "orders", "for": "condition=ACK.ResourceSynced"}]"""),
        });
        await WaitFor("db", "Deploying", $"DBInstance {Namespace}/orders: condition ACK.ResourceSynced is False, waiting for True");
    }

    private static JsonObject Database() => Object($"{Group}/v1alpha1", "DBInstance", "orders", """{"spec": {"engine": "postgres"}}""");

    private Task Ack(params string[] conditions) => SetStatus(DBInstance, "orders", $$"""{"conditions": [{{string.Join(", ", conditions)}}]}""");
}
