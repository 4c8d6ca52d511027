using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>config-reader on objects of a real API server: what it reads, with which rights, and what it never reads.</summary>
public sealed class ObjectReaderTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private const string Reading = "clusterroles/test-config-reader";

    private static readonly ResourceType Service = new("", "v1", "Service");

    // The shipped role is empty; this one is aggregated into it during a test.
    private static string Member(string plural, string group = "\"\"") => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: test-config-reader
          labels:
            deployment-orchestrator.io/aggregate-to-config-reader: "true"
        rules:
          - apiGroups: [{{group}}]
            resources: [{{plural}}]
            verbs: [get, list, watch]
        """;

    [Fact]
    public async Task A_missing_right_is_denied_with_the_rule_to_add_and_heals_once_an_administrator_adds_it()
    {
        await StartOperator();
        await Configured("reader", "config-reader", Source("""
            {"apiVersion": "tests.example.com/v1", "kind": "Gizmo", "name": "a", "exports": [{"path": "status.endpoint.address", "as": "host"}]}
            """));
        await WaitFor("reader", "Deploying", "waits for the kind Gizmo of tests.example.com/v1, which is not served yet");
        await Cluster.InstallCrd(Crd("gizmos", "Gizmo", "Namespaced"));
        await WaitFor("reader", "Failed",
            $"sources[0]: the operator may not get, list, watch gizmos.tests.example.com in namespace \"{Namespace}\": add a ClusterRole with these verbs and "
            + "the label deployment-orchestrator.io/aggregate-to-config-reader: \"true\", or name a ServiceAccount that may as serviceAccountName");
        Assert.Equal("Denied", (string?)(await Live(ResourceType.Component, "reader"))!.Condition("Ready")["reason"]);

        try
        {
            await Cluster.Apply($"apis/rbac.authorization.k8s.io/v1/{Reading}", Member("gizmos", "tests.example.com"));
            await Eventually.Holds(() => Installation.MayDo(Cluster, "tests.example.com", "gizmos", "watch", Namespace), "the operator's right to read");
            await RequestReconcile("reader");
            await WaitFor("reader", "Deploying", "waiting for Gizmo a: status.endpoint.address");

            var gizmo = new ResourceType("tests.example.com", "v1", "Gizmo");
            var made = Object("tests.example.com/v1", "Gizmo", "a");
            made["metadata"]!["namespace"] = Namespace;
            await Store.Create(made, Cancellation);
            await SetStatus(gizmo, "a", """{"endpoint": {"address": "db-1", "port": 5432}}""");
            await Outputs("reader", """{"host":"db-1"}""");

            // A failover: the field disappears for a while, and returns with another value.
            await SetStatus(gizmo, "a", """{"endpoint": {}}""");
            await WaitFor("reader", "Ready", "host keeps its last value, as it is gone from Gizmo a: status.endpoint.address");
            await Outputs("reader", """{"host":"db-1"}""");
            await SetStatus(gizmo, "a", """{"endpoint": {"address": "db-2"}}""");
            await Outputs("reader", """{"host":"db-2"}""");
        }
        finally
        {
            await Cluster.Call(HttpMethod.Delete, $"apis/rbac.authorization.k8s.io/v1/{Reading}");
        }
    }

    [Fact]
    public async Task As_a_ServiceAccount_what_its_Roles_allow_is_read_and_nothing_else()
    {
        var other = await Namespaces.New(Store);
        await Cluster.CreateServiceAccount(Namespace, "reader");
        await Grant(Namespace, "act", """[{"apiGroups": [""], "resources": ["serviceaccounts"], "verbs": ["impersonate"], "resourceNames": ["reader"]}]""",
            Installation.Namespace, Installation.ServiceAccount);
        await Web(Namespace);
        await Web(other);
        await StartOperator("--default-service-account", "reader");
        var start = AuditedCall.End(Cluster);
        await Configured("reader", "config-reader", Source(
            """{"apiVersion": "v1", "kind": "Service", "name": "web", "exports": [{"path": "spec.clusterIP", "as": "ip"}]}""",
            $$"""
            {"apiVersion": "v1", "kind": "Service", "name": "web", "namespace": "{{other}}", "exports": [{"path": "spec.ports[0].port"}]}
            """));
        await WaitFor("reader", "Failed",
            $"sources[0]: ServiceAccount {Namespace}/reader may not get, list, watch services in namespace \"{Namespace}\": bind it to a Role there that may");
        const string services = """[{"apiGroups": [""], "resources": ["services"], "verbs": ["get", "list", "watch"]}]""";
        await Grant(Namespace, "read", services, Namespace, "reader");
        await Grant(other, "read", services, Namespace, "reader");
        await RequestReconcile("reader");

        var ip = (string)(await Live(Service, "web"))!["spec"]!["clusterIP"]!;
        await Outputs("reader", $$"""{"ip":"{{ip}}","port":80}""");
        // Followed as the account, too.
        var changed = (await Live(Service, "web", other))!;
        changed["spec"]!["ports"]![0]!["port"] = 81;
        await Store.Replace(changed, Cancellation);
        await Outputs("reader", $$"""{"ip":"{{ip}}","port":81}""");
        Assert.DoesNotContain(Calls(start, other), c => c.Resource == "services." && c.Role.Contains("dorch-operator", StringComparison.Ordinal));

        // The ConfigMap is still read with the operator's rights.
        await Store.Apply(NewResource.ConfigMap(Namespace, "settings", ("colour", "blue")), new("test", Force: true), Cancellation);
        await Configured("maps", "config-reader", Source("""{"name": "settings", "exports": [{"key": "colour"}]}"""));
        await Outputs("maps", """{"colour":"blue"}""");
    }

    [Fact]
    public async Task A_Secret_is_refused_by_every_spelling_and_never_asked_for()
    {
        var secret = Object("v1", "Secret", "s", """{"stringData": {"password": "not-for-outputs"}}""");
        secret["metadata"]!["namespace"] = Namespace;
        await Store.Create(secret, Cancellation);
        var start = AuditedCall.End(Cluster);
        await StartOperator("--unreadable-kinds", "widgets.tests.example.com");
        var kinds = new[] { ("v1", "Secret"), ("v1", "secrets"), ("core/v1", "Secret"), ("v2", "Secret") };
        foreach (var (i, (apiVersion, kind)) in kinds.Index())
        {
            await Configured($"reader-{i}", "config-reader", Source(
                $$"""{"apiVersion": "{{apiVersion}}", "kind": "{{kind}}", "name": "s", "exports": [{"path": "data.password"}]}"""));
            await WaitFor($"reader-{i}", "Failed", "sources[0].kind: ", "cannot be read: its values would be visible in the status");
        }

        await Configured("widget", "config-reader", Source(
            """{"apiVersion": "tests.example.com/v1", "kind": "Widget", "name": "w", "exports": [{"path": "status.a"}]}"""));
        await WaitFor("widget", "Failed", "sources[0].kind: Widget.tests.example.com cannot be read: the operator runs with --unreadable-kinds");
        Assert.DoesNotContain(Calls(start), c => c.Resource is "secrets." or "widgets.tests.example.com");
    }

    // Calls in the namespaces of this test, and cluster-scoped ones: operators of other tests call in their own namespaces.
    private IEnumerable<AuditedCall> Calls(long start, string? other = null) =>
        AuditedCall.Since(Cluster, start).Where(c => c.Namespace.Length == 0 || c.Namespace == Namespace || c.Namespace == other);

    private static JsonObject Source(params string[] sources) => JsonNode.Parse($$"""{"sources": [{{string.Join(", ", sources)}}]}""")!.AsObject();

    private Task<JsonObject> Web(string @namespace)
    {
        var service = Object("v1", "Service", "web", """{"spec": {"ports": [{"port": 80}]}}""");
        service["metadata"]!["namespace"] = @namespace;
        return Store.Create(service, Cancellation);
    }

    private Task<JsonObject> Outputs(string name, string expected) =>
        Until(name, c => c.IsReady() && c["status"]!["providerStatus"]?.ToJsonString() == expected, expected);
}
