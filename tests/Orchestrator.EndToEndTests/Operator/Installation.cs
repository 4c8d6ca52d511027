using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.EndToEndTests.Operator;

[assembly: AssemblyFixture(typeof(Installation))]

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>
/// What deploy/overlays/cluster-wide installs in a cluster, and the Secrets Manager that the operator uses. No kubelet runs the Deployment: tests start
/// the operator themselves, with the token of its ServiceAccount and the rights of the shipped roles.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    public const string Namespace = "deployment-orchestrator";
    public const string ServiceAccount = "dorch-operator";

    /// <summary>The folder that it adds rights to.</summary>
    internal static readonly string Base = Path.Combine(Repository.Root, "deploy", "base");

    /// <summary>The folder that is installed.</summary>
    internal static readonly string Folder = Path.Combine(Repository.Root, "deploy", "overlays", "cluster-wide");

    private readonly Lock gate = new();
    private Task? starting;
    private SecretsManagerProcess? secretsManager;

    internal SecretsManagerProcess SecretsManager => secretsManager ?? throw new InvalidOperationException("await Started first");

    /// <summary>Whether kubectl installs it, as docs/guides/install.md describes.</summary>
    internal bool ByKubectl { get; init; }

    /// <summary>A kubeconfig with the operator's own token.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>Ends once everything is installed and its rights take effect.</summary>
    public Task Started(KubernetesCluster cluster)
    {
        lock (gate)
            return starting ??= Start(cluster);
    }

    public ValueTask DisposeAsync() => secretsManager?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task Start(KubernetesCluster cluster)
    {
        var serving = SecretsManagerProcess.Start();
        if (ByKubectl)
            await new Kubectl(cluster.Kubeconfig).Run("apply", "-k", Folder);
        else
            await Apply(cluster);

        await cluster.InstallCrd(ExternalSecretCrd.Yaml);
        Kubeconfig = cluster.KubeconfigOf("operator", await cluster.CreateToken(Namespace, ServiceAccount));
        await WaitForRights(cluster, "", ServiceAccount);
        secretsManager = await serving;
    }

    // Without kubectl, and without the Deployment: a test of the Deployment needs kubectl anyway.
    private static async Task Apply(KubernetesCluster cluster)
    {
        foreach (var file in (string[])["namespace.yaml", "service-account.yaml", "rbac/operator.yaml", "rbac/manifests.yaml",
            "rbac/config-reader.yaml", "rbac/namespaces.yaml", "rbac/kinds.yaml", "rbac/lease.yaml",
            "../overlays/cluster-wide/configmaps.yaml", "../overlays/cluster-wide/external-secrets.yaml"])
        {
            foreach (var document in ShippedManifest.Read(file))
                await document.Apply(cluster);
        }
    }

    /// <summary>Ends once the rights take effect: the API server sees new roles a moment after the write, and a controller fills the aggregated
    /// one.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="watched">The namespace in which the account works; empty for all.</param>
    /// <param name="account">The ServiceAccount that has the rights.</param>
    internal static async Task WaitForRights(KubernetesCluster cluster, string watched, string account)
    {
        foreach (var (group, resource, verb, @namespace) in new[]
        {
            ("deployment-orchestrator.io", "components", "list", watched),
            ("coordination.k8s.io", "leases", "create", Namespace),
            ("", "namespaces", "get", ""),
            ("", "configmaps", "watch", watched),
            ("deployment-orchestrator.io", "secretpolicies", "watch", ""),
            ("external-secrets.io", "externalsecrets", "patch", watched),
        })
        {
            await Eventually.Holds(() => MayDo(cluster, group, resource, verb, @namespace, account), $"the right to {verb} {resource}");
        }
    }

    /// <summary>
    /// Lets an account hold the Lease of an operator for one namespace, as deploy/overlays/namespaced does for its own: the base allows the Lease of an
    /// operator for all.
    /// </summary>
    internal static async Task AllowLease(KubernetesCluster cluster, string lease, string account = ServiceAccount)
    {
        var roles = $"apis/rbac.authorization.k8s.io/v1/namespaces/{Namespace}";
        await cluster.Apply($"{roles}/roles/{account}-of-{lease}", $$$"""
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "{{{account}}}-of-{{{lease}}}", "namespace": "{{{Namespace}}}"},
             "rules": [{"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "update"], "resourceNames": ["{{{lease}}}"]}]}
            """);
        await cluster.Apply($"{roles}/rolebindings/{account}-of-{lease}", $$$"""
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
             "metadata": {"name": "{{{account}}}-of-{{{lease}}}", "namespace": "{{{Namespace}}}"},
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "{{{account}}}-of-{{{lease}}}"},
             "subjects": [{"kind": "ServiceAccount", "name": "{{{account}}}", "namespace": "{{{Namespace}}}"}]}
            """);
        await Eventually.Holds(() => MayDo(cluster, "coordination.k8s.io", "leases", "update", Namespace, account, lease), $"the right to hold {lease}");
    }

    /// <summary>Whether the API server allows this to the operator, or to another ServiceAccount in its namespace.</summary>
    internal static async Task<bool> MayDo(KubernetesCluster cluster, string group, string resource, string verb, string @namespace,
        string account = ServiceAccount, string? name = null)
    {
        var review = await cluster.Call(HttpMethod.Post, "apis/authorization.k8s.io/v1/subjectaccessreviews", new()
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["user"] = $"system:serviceaccount:{Namespace}:{account}",
                ["resourceAttributes"] = new JsonObject
                {
                    ["group"] = group,
                    ["resource"] = resource,
                    ["verb"] = verb,
                    ["namespace"] = @namespace,
                    ["name"] = name ?? (resource == "namespaces" ? "kube-system" : ""),
                },
            },
        });
        return (bool)review["status"]!["allowed"]!;
    }
}
