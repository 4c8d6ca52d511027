using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>A refusal of a real API server is reported with its cause, and heals without an edit once the cause is gone. The inputs are those of
/// tests/field.</summary>
public sealed partial class HealTests(KubernetesCluster cluster, Installation installation) : ManifestTest(cluster, installation)
{
    private const string Role = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: test-heal
          labels:
            deployment-orchestrator.io/aggregate-to-manifests: "true"
        rules:
          - apiGroups: [x.example]
            resources: [widgets]
            verbs: [get, list, watch, create, patch, delete]
        """;

    // Only in this namespace: other tests rely on the operator lacking these rights.
    private const string OwnRole = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: test-heal}
        rules:
          - apiGroups: [""]
            resources: [secrets, persistentvolumeclaims]
            verbs: [get, list, watch, create, patch, delete]
        """;

    private static readonly ResourceType Deployment = new("apps", "v1", "Deployment");
    private static readonly ResourceType Job = new("batch", "v1", "Job");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Cluster.Apply("apis/rbac.authorization.k8s.io/v1/clusterroles/test-heal", Role);
        await Cluster.Apply($"apis/rbac.authorization.k8s.io/v1/namespaces/{Namespace}/roles/test-heal", OwnRole);
        await Cluster.Apply($"apis/rbac.authorization.k8s.io/v1/namespaces/{Namespace}/rolebindings/test-heal", $"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: test-heal
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: test-heal
            subjects:
              - kind: ServiceAccount
                name: {Installation.ServiceAccount}
                namespace: {Installation.Namespace}
            """);
        await Eventually.Holds(() => Installation.MayDo(Cluster, "x.example", "widgets", "patch", Namespace), "the operator's right to apply");
    }

    [Fact]
    public async Task An_object_without_its_definition_is_applied_when_the_definition_is_created_or_changed()
    {
        const string Slug = "kind-comes-or-changes";
        const string Definition = "apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.x.example";
        await StartOperator();
        await Put(Slug, "heal-schema");
        await WaitFor("heal-schema", "Deploying", "waits for the kind Widget of x.example/v1beta1, which is not served yet");

        // Neither waits for its next periodic check, half a minute and more than five minutes later.
        var started = TimeProvider.System.GetTimestamp();
        await Cluster.Apply(Definition, Input(Slug, "crd-before.yaml"));
        await WaitFor("heal-schema", "Failed", "spec.size: Unsupported value: \"large\": supported values: \"small\"");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(25));
        await Put(Slug, "heal-version");
        await WaitFor("heal-version", "Failed", "manifests[0].apiVersion: x.example/v1 is not served for Widget: write x.example/v1beta1");
        Assert.Equal("Rejected", Reason((await Live(ResourceType.Component, "heal-version"))!));

        await Cluster.Apply(Definition, Input(Slug, "crd-after.yaml"));
        await Ready("heal-schema");
        await Ready("heal-version");
    }

    [Fact]
    public async Task A_Service_whose_port_is_taken_gets_it_once_it_is_free()
    {
        var port = 30000 + (int)(BitConverter.ToUInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Namespace))) % 2700);
        await Cluster.Apply($"api/v1/namespaces/{Namespace}/services/old", Input("port-taken", "port-taken.yaml")
            .Replace("30080", $"{port}", StringComparison.Ordinal));
        await StartOperator();
        await Put("port-taken", "heal-nodeport", yaml => yaml.Replace("30080", $"{port}", StringComparison.Ordinal));
        await WaitFor("heal-nodeport", "Failed", $"spec.ports[0].nodePort: Invalid value: {port}: provided port is already allocated; choose another, or "
            + $"free it: it is tried again every 5 minutes");
        Assert.Equal("Rejected", Reason((await Live(ResourceType.Component, "heal-nodeport"))!));

        await Store.Delete(new("", "v1", "Service"), new(Namespace, "old"), new(), Cancellation);
        await LookNow("heal-nodeport");
        await Ready("heal-nodeport");
    }

    [Fact]
    public async Task A_changed_Job_template_is_refused_with_what_to_do_and_applied_once_the_Job_is_deleted()
    {
        await StartOperator();
        await Put("immutable-job", "mig");
        await UntilLive(Job, "mig", j => j is not null, "is there");
        await Put("immutable-job", "mig", yaml => yaml.Replace("app:1", "app:2", StringComparison.Ordinal));

        var refused = await WaitFor("mig", "Failed", "spec.template: field is immutable; delete the Job, and it is applied again, or give it a new name");
        Assert.Equal(
            $"manifests[0]: Job {Namespace}/mig is refused: spec.template: field is immutable; delete the Job, and it is applied again, or give it a new name",
            Reported(refused));

        // A retry has the same result byte for byte, so nothing is written.
        await LookNow("mig");
        await Eventually.Holds(async () => (await Live(ResourceType.Component, "mig"))!["status"]!["conditions"]!.AsArray().Count > 0, "the next try");
        Assert.Equal(Reported(refused), Reported((await Live(ResourceType.Component, "mig"))!));

        await Store.Delete(Job, new(Namespace, "mig"), new(), Cancellation);
        await UntilLive(Job, "mig", j => (string?)j?["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] == "app:2", "has the new image");
    }

    [Fact]
    public async Task Each_refusal_is_reported_with_its_cause_and_what_to_do()
    {
        await StartOperator();
        foreach (var name in Names(Input("refusals-of-the-api-server", "input.yaml")))
            await Put("refusals-of-the-api-server", name);

        await WaitFor("ssa-dupenv", "Failed", ".spec.template.spec.containers[name=\"web\"].env: duplicate entries for key [name=\"A\"]; write it once");
        await WaitFor("ssa-unknownfield", "Failed", ".spec.replica: field not declared in schema; take it out, or correct its name");
        await Ready("ssa-secret");
        await Ready("ssa-svc");
    }

    [Fact]
    public async Task Replicas_keep_their_number_when_an_autoscaler_takes_them_over()
    {
        const string Slug = "replicas-handed-over";
        await StartOperator();
        await Put(Slug, "dep");
        await UntilLive(Deployment, "dep", d => Replicas(d) == 3, "has three replicas");

        // As docs/reference/manifest.md describes: another manager owns the number before its line is removed.
        await Store.Apply(Object("apps/v1", "Deployment", "dep", $$$"""{"metadata":{"namespace":"{{{Namespace}}}"},"spec":{"replicas":3}}"""),
            new("autoscaler-handover"), Cancellation);
        await Put(Slug, "dep", yaml => yaml.Replace("        replicas: 3\n", "", StringComparison.Ordinal));
        await UntilLive(Deployment, "dep", d => !d!["metadata"]!["managedFields"]!.AsArray()
            .Any(m => ((string?)m!["manager"])!.StartsWith("dorch-", StringComparison.Ordinal) && m["fieldsV1"]!.ToJsonString()
                .Contains("f:replicas", StringComparison.Ordinal)), "is no longer ours to scale");

        Assert.Equal(3, Replicas(await Live(Deployment, "dep")));
        await Store.Apply(Object("apps/v1", "Deployment", "dep", $$$"""{"metadata":{"namespace":"{{{Namespace}}}"},"spec":{"replicas":7}}"""),
            new("autoscaler", Force: true), Cancellation);
        await LookNow("dep");
        await Until("dep", c => (string?)c["status"]!["message"] is { } message && message.Contains('7', StringComparison.Ordinal), "a look at seven replicas");
        Assert.Equal(7, Replicas(await Live(Deployment, "dep")));
    }

    private static int? Replicas(JsonObject? deployment) => (int?)deployment?["spec"]?["replicas"];

    private static string? Reason(JsonObject component) =>
        (string?)component["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Ready")!["reason"];

    private static string Input(string slug, string file) => File.ReadAllText(Path.Combine(Repository.Root, "tests", "field", slug, file));

    private static IEnumerable<string> Names(string yaml) => ComponentName().Matches(yaml).Select(m => m.Groups["name"].Value);

    // A Component of a case's input, in the test's namespace.
    private async Task Put(string slug, string name, Func<string, string>? change = null)
    {
        var yaml = Input(slug, "input.yaml").Split("---\n").Single(d => Names(d).Contains(name));
        await Cluster.Apply($"apis/{ApiGroup.ApiVersion}/namespaces/{Namespace}/components/{name}", change?.Invoke(yaml) ?? yaml);
    }

    private async Task LookNow(string name)
    {
        var component = await Live(ResourceType.Component, name);
        await Store.Apply(
            new()
            {
                ["apiVersion"] = component!["apiVersion"]!.DeepClone(),
                ["kind"] = component["kind"]!.DeepClone(),
                ["metadata"] = new JsonObject
                {
                    ["namespace"] = Namespace,
                    ["name"] = name,
                    ["annotations"] = new JsonObject { [ApiGroup.RequestedAtAnnotation] = (string?)component["metadata"]!["resourceVersion"] },
                },
            },
            new("look", Force: true),
            Cancellation);
    }

    [GeneratedRegex(@"kind: Component\nmetadata: \{name: (?<name>[a-z0-9-]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ComponentName();
}
