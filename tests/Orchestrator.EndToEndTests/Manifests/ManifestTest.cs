using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Manifests;

/// <summary>Components of manifest and config-reader on a real API server, reconciled by the operator with the rights of its ServiceAccount.</summary>
public abstract class ManifestTest(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    // What the operator may apply in these tests. The label aggregates it into dorch-operator-manifests.
    private const string OperatorRole = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: test-manifests
          labels:
            deployment-orchestrator.io/aggregate-to-manifests: "true"
        rules:
          - apiGroups: [""]
            resources: [configmaps, services]
            verbs: [get, list, watch, create, patch, delete]
          - apiGroups: [apps]
            resources: [deployments]
            verbs: [get, list, watch, create, patch, delete]
          - apiGroups: [batch]
            resources: [jobs]
            verbs: [get, list, watch, create, patch, delete]
          - apiGroups: [apiextensions.k8s.io]
            resources: [customresourcedefinitions]
            verbs: [get, list, watch, create, patch, delete]
          - apiGroups: [tests.example.com]
            resources: [widgets, gadgets, clusterwidgets]
            verbs: [get, list, watch, create, patch, delete]
        """;

    // Some of these tests remove rights.
    protected override bool IsNothingForbidden => false;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Cluster.Apply("apis/rbac.authorization.k8s.io/v1/clusterroles/test-manifests", OperatorRole);
        await Cluster.InstallCrd(Crd("widgets", "Widget", "Namespaced"));
        await Eventually.Holds(() => Installation.MayDo(Cluster, "tests.example.com", "widgets", "patch", Namespace), "the operator's right to apply");
    }

    /// <summary>A CRD of the tests' group, with a status subresource.</summary>
    protected static string Crd(string plural, string kind, string scope) => $$$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: {{{plural}}}.tests.example.com
        spec:
          group: tests.example.com
          scope: {{{scope}}}
          names: {kind: {{{kind}}}, listKind: {{{kind}}}List, plural: {{{plural}}}, singular: {{{kind.ToLowerInvariant()}}}}
          versions:
            - name: v1
              served: true
              storage: true
              subresources: {status: {}}
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;

    protected static readonly ResourceType Widget = new("tests.example.com", "v1", "Widget");

    protected static JsonObject Object(string apiVersion, string kind, string name, string rest = "{}")
    {
        var json = JsonNode.Parse(rest)!.AsObject();
        json["apiVersion"] = apiVersion;
        json["kind"] = kind;
        var metadata = json["metadata"] as JsonObject ?? [];
        metadata["name"] = name;
        json["metadata"] = metadata;
        return json;
    }

    protected static JsonObject ConfigMap(string name, string value) => Object("v1", "ConfigMap", name, $$$"""{"data":{"k":"{{{value}}}"}}""");

    /// <summary>Creates or changes a Component of manifest.</summary>
    protected Task Manifests(string name, params JsonObject[] manifests) => Manifests(name, null, manifests);

    /// <summary>The same, applied as a ServiceAccount.</summary>
    protected Task Manifests(string name, string? account, params JsonObject[] manifests)
    {
        var config = new JsonObject { ["manifests"] = new JsonArray([.. manifests]) };
        if (account is not null)
            config["serviceAccountName"] = account;
        return Configured(name, "manifest", config);
    }

    /// <summary>Creates a Component, or gives it another config.</summary>
    protected async Task Configured(string name, string handler, JsonObject config)
    {
        var spec = new JsonObject { ["handler"] = handler, ["config"] = config };
        await Store.Apply(NewResource.Component(Namespace, name, spec), new("test", Force: true), Cancellation);
    }

    /// <summary>Ends when the Component is Ready for its current generation.</summary>
    protected Task<JsonObject> Ready(string name) => Until(name, c => c.IsReady(), "Ready");

    /// <summary>Ends when the Component is in this phase for its current generation, and its Ready condition has these texts.</summary>
    protected Task<JsonObject> WaitFor(string name, string phase, params string[] texts) => Until(
        name,
        c => c["status"] is JsonObject status && (string?)status["phase"] == phase
            && (long?)status["observedGeneration"] == (long?)c["metadata"]!["generation"]
            && texts.All(t => Reported(c).Contains(t, StringComparison.Ordinal)),
        $"{phase}: {string.Join(" … ", texts)}");

    /// <summary>The message of the Ready condition.</summary>
    protected static string Reported(JsonObject component) =>
        (string?)component["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Ready")!["message"] ?? "";

    protected Task<JsonObject?> Live(ResourceType type, string name, string? @namespace = null) =>
        Store.Get(type, new(@namespace ?? Namespace, name), Cancellation);

    /// <summary>Ends when the object meets the condition.</summary>
    protected async Task<JsonObject?> UntilLive(ResourceType type, string name, Func<JsonObject?, bool> isWanted, string what)
    {
        JsonObject? last = null;
        await Eventually.Holds(async () => isWanted(last = await Live(type, name)), $"{type.Kind} {name} {what}", more: () => $"{last}");
        return last;
    }

    /// <summary>Writes the status that an object's own controller, or a kubelet, would write.</summary>
    protected Task SetStatus(ResourceType type, string name, string status) => Eventually.Holds(
        async () =>
        {
            var live = await Live(type, name);
            if (live is null)
                return false;
            live["status"] = JsonNode.Parse(status.Replace("GENERATION", $"{live["metadata"]!["generation"]}", StringComparison.Ordinal));
            try
            {
                await Store.ReplaceStatus(live, Cancellation);
                return true;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                return false;
            }
        },
        $"the status of {type.Kind} {name}");

    /// <summary>Requests a reconcile now: otherwise the next retry, in 5 minutes, finds granted rights.</summary>
    protected async Task RequestReconcile(string name)
    {
        var component = NewResource.Component(Namespace, name, []);
        component.Remove("spec");
        component["metadata"]!["annotations"] = new JsonObject { ["deployment-orchestrator.io/requested-at"] = Namespaces.Unique("now") };
        await Store.Apply(component, new("asker", Force: true), Cancellation);
    }

    /// <summary>Binds a ServiceAccount to a Role; ends when the API server enforces it.</summary>
    protected async Task Grant(string @namespace, string name, string rules, string ofNamespace, string account)
    {
        var role = new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "Role",
            ["metadata"] = new JsonObject { ["namespace"] = @namespace, ["name"] = name },
            ["rules"] = JsonNode.Parse(rules),
        };
        await Store.Apply(role, new("test", Force: true), Cancellation);
        await Store.Apply(
            new()
            {
                ["apiVersion"] = "rbac.authorization.k8s.io/v1",
                ["kind"] = "RoleBinding",
                ["metadata"] = new JsonObject { ["namespace"] = @namespace, ["name"] = name },
                ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = name },
                ["subjects"] = new JsonArray { new JsonObject { ["kind"] = "ServiceAccount", ["namespace"] = ofNamespace, ["name"] = account } },
            },
            new("test", Force: true), Cancellation);
        var rule = role["rules"]![0]!;
        var resource = (string)rule["resources"]![0]! switch
        {
            "configmaps" => ResourceType.ConfigMap,
            "widgets" => Widget,
            "services" => new ResourceType("", "v1", "Service"),
            _ => new ResourceType("", "v1", "ServiceAccount"),
        };
        var key = new ObjectKey(@namespace, (string?)rule["resourceNames"]?[0] ?? "any");
        string[] verbs = [.. rule["verbs"]!.AsArray().Select(v => (string)v!)];
        await Eventually.Holds(
            async () =>
                (await Store.As(new(ofNamespace, account))
                .MissingRights(resource, key, [.. verbs.Where(v => v != "impersonate")], Cancellation)).Verbs.Count == 0
                && (!verbs.Contains("impersonate") || await MayImpersonate(@namespace, ofNamespace, account, key.Name)),
            $"the role {name}");
    }

    /// <summary>Whether the API server lets an account impersonate another.</summary>
    protected async Task<bool> MayImpersonate(string @namespace, string ofNamespace, string account, string name)
    {
        var review = await Cluster.Call(HttpMethod.Post, "apis/authorization.k8s.io/v1/subjectaccessreviews", new()
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["user"] = new ServiceAccount(ofNamespace, account).User,
                ["resourceAttributes"] =
                    new JsonObject { ["resource"] = "serviceaccounts", ["verb"] = "impersonate", ["namespace"] = @namespace, ["name"] = name },
            },
        });
        return (bool)review["status"]!["allowed"]!;
    }
}
