using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// The shipped roles suffice, as every test of the operator shows, and are no larger than one round of its work needs: the API server's audit log names
/// the role that allowed each call. A missing right fails its call, and so a test; this test finds an unused right.
/// </summary>
[Collection(OwnCluster.Name)]
public sealed class RightsTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    // The API server requires create, too, if an apply finds no object; its audit log has only the patch.
    private const string Unrecorded = "ClusterRole dorch-operator-manifests: create externalsecrets.external-secrets.io";

    private static readonly ResourceType ExternalSecret = new("external-secrets.io", "v1beta1", "ExternalSecret");

    private bool isNothingForbidden = true;

    protected override bool IsNothingForbidden => isNothingForbidden;

    [Fact]
    public async Task Every_right_of_the_shipped_roles_is_used()
    {
        var shipped = await Shipped();
        Assert.Contains(Unrecorded, shipped);
        var start = AuditedCall.End(Cluster);

        // create, get and update of leases, get of namespaces.
        if (await Store.Get(Lease, new(Installation.Namespace, "dorch-operator"), Cancellation) is not null)
            await Store.Delete(Lease, new(Installation.Namespace, "dorch-operator"), new(), Cancellation);
        var process = await Start(Kubeconfig);
        // A child, its claim and both statuses; the ConfigMap that it reads and follows.
        await Store.Create(NewResource.ConfigMap(Namespace, "settings", ("colour", "blue")), Cancellation);
        await Store.Create(Composition("first"), Cancellation);
        await Ready("graph-first");
        // Another entry replaces it, so the child is deleted. No one else writes a Ready Composition.
        await Eventually.Holds(
            async () => (await Store.Get(ResourceType.Composition, new(Namespace, "graph"), Cancellation))!.IsReady(), "the Composition is Ready");
        var composition = (await Store.Get(ResourceType.Composition, new(Namespace, "graph"), Cancellation))!;
        composition["spec"] = Composition("second")["spec"]!.DeepClone();
        await Store.Replace(composition, Cancellation);
        await Ready("graph-second");
        // An object that is applied, watched, applied again after its deletion (with its one Event), and deleted.
        await Store.Create(Manifest("pull"), Cancellation);
        await Applied("pull");
        await Used(start, "ClusterRole dorch-operator: create events.");
        await Store.Delete(ExternalSecret, new(Namespace, "pull"), new(), Cancellation);
        await Used(start, "ClusterRole dorch-operator: update events.");
        await Store.Delete(ResourceType.Component, new(Namespace, "pull"), new(), Cancellation);
        await Used(start, "ClusterRole dorch-operator-manifests: delete externalsecrets.external-secrets.io");

        // A child that is deleted by hand: alone, or with its Namespace.
        await Store.Create(Pushing(), Cancellation);
        await Ready("pushing-secret");
        await Store.Delete(ResourceType.Component, new(Namespace, "pushing-secret"), new(), Cancellation);
        await Used(start, "ClusterRole dorch-operator-namespaces: get namespaces.");

        // A kind that is not served yet.
        var later = Manifest("later");
        var waited = later["spec"]!["config"]!["manifests"]![0]!;
        (waited["apiVersion"], waited["kind"]) = ("later.example.com/v1", "Later");
        await Store.Create(later, Cancellation);
        await Used(start, "ClusterRole dorch-operator-kinds: list customresourcedefinitions.apiextensions.k8s.io",
            "ClusterRole dorch-operator-kinds: list apiservices.apiregistration.k8s.io");

        // The audit log records a watch once it ends.
        await process.Stop();
        await Used(start, [.. shipped.Where(r => r != Unrecorded)]);
    }

    [Fact]
    public async Task A_missing_object_is_applied_only_with_the_right_to_create_it()
    {
        isNothingForbidden = false;
        var member = ShippedManifest.Read("../overlays/cluster-wide/external-secrets.yaml").Single();
        Assert.Contains("      - create\n", member.Yaml, StringComparison.Ordinal);
        await StartOperator();
        try
        {
            await (member with { Yaml = member.Yaml.Replace("      - create\n", "", StringComparison.Ordinal) }).Apply(Cluster);
            await Eventually.Holds(async () => !await MayCreate(), "no right to create");

            await Store.Create(Manifest("pull"), Cancellation);

            var denied = await Until("pull", c => c.Phase() == "Failed", "Failed");
            var message = (string)denied.Condition("Ready")["message"]!;
            Assert.True(message.Contains("the operator may not create externalsecrets.external-secrets.io", StringComparison.Ordinal), message);
            Assert.Equal("Denied", (string?)denied.Condition("Ready")["reason"]);
        }
        finally
        {
            await member.Apply(Cluster);
            await Eventually.Holds(MayCreate, "the right to create");
        }

        var component = await Component("pull");
        component["metadata"]!["annotations"] = new JsonObject { [ApiGroup.RequestedAtAnnotation] = "now" };
        await Store.Replace(component, Cancellation);
        await Applied("pull");
    }

    private Task<bool> MayCreate() => Installation.MayDo(Cluster, "external-secrets.io", "externalsecrets", "create", Namespace);

    private Task<JsonObject> Ready(string name) => Until(name, c => c.IsReady(), "Ready");

    private Task Applied(string name) =>
        Eventually.Holds(async () => await Store.Get(ExternalSecret, new(Namespace, name), Cancellation) is not null, $"the ExternalSecret {name}");

    private Task Used(long start, params IReadOnlyList<string> rights)
    {
        IReadOnlyList<string> missing = rights;
        return Eventually.Holds(
            () =>
            {
                var used = AuditedCall.Since(Cluster, start).Select(c => $"{c.Role}: {c.Verb} {c.Resource}").ToHashSet(StringComparer.Ordinal);
                missing = [.. rights.Where(r => !used.Contains(r))];
                return Task.FromResult(missing.Count == 0);
            },
            "the use of every right", more: () => string.Join('\n', missing));
    }

    // As stored in the control plane, with aggregated rules.
    private async Task<IReadOnlyList<string>> Shipped()
    {
        var rights = new List<string>();
        foreach (var (kind, name, path) in new[]
        {
            ("ClusterRole", "dorch-operator", "clusterroles"),
            ("ClusterRole", "dorch-operator-configmaps", "clusterroles"),
            ("ClusterRole", "dorch-operator-manifests", "clusterroles"),
            ("ClusterRole", "dorch-operator-namespaces", "clusterroles"),
            ("ClusterRole", "dorch-operator-kinds", "clusterroles"),
            ("Role", "dorch-operator", $"namespaces/{Installation.Namespace}/roles"),
        })
        {
            var role = await Cluster.Call(HttpMethod.Get, $"apis/rbac.authorization.k8s.io/v1/{path}/{name}");
            rights.AddRange(
                from rule in role["rules"]!.AsArray()
                from @group in rule!["apiGroups"]!.AsArray()
                from resource in rule["resources"]!.AsArray()
                from verb in rule["verbs"]!.AsArray()
                select $"{kind} {name}: {verb} {resource}.{@group}");
        }

        return rights;
    }

    private JsonObject Composition(string entry) => NewResource.Composition(Namespace, "graph", JsonNode.Parse($$$"""
        {"name": "{{{entry}}}", "type": "config-reader", "config": {"sources": [{"name": "settings", "exports": [{"key": "colour"}]}]}}
        """)!);

    private JsonObject Pushing()
    {
        var push = SecretPushes.Component(Namespace, "secret")["spec"]!;
        return NewResource.Composition(
            Namespace, "pushing", new JsonObject { ["name"] = "secret", ["type"] = "secret-push", ["config"] = push["config"]!.DeepClone() });
    }

    private JsonObject Manifest(string name) => NewResource.Component(Namespace, name, new()
    {
        ["handler"] = "manifest",
        ["config"] = new JsonObject
        {
            ["manifests"] = new JsonArray
            {
                new JsonObject
                {
                    ["apiVersion"] = ExternalSecret.ApiVersion,
                    ["kind"] = ExternalSecret.Kind,
                    ["metadata"] = new JsonObject { ["name"] = name },
                    ["spec"] = new JsonObject(),
                },
            },
        },
    });
}
