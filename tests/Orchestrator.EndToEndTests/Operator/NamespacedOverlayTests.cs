using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>The overlay for one namespace: an operator whose ServiceAccount has only the bindings of deploy/overlays/namespaced.</summary>
public sealed partial class NamespacedOverlayTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task The_namespaced_overlay_gives_enough_rights_in_its_namespace_and_none_elsewhere()
    {
        var account = $"operator-of-{Namespace}";
        await Cluster.Apply(
            $"api/v1/namespaces/{Installation.Namespace}/serviceaccounts/{account}",
            $$$"""{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "{{{account}}}", "namespace": "{{{Installation.Namespace}}}"}}""");
        foreach (var document in ShippedManifest.Read("../overlays/namespaced/roles.yaml"))
            await (document with { Yaml = InNamespace(account, document.Yaml) }).Apply(Cluster);
        await Installation.AllowLease(Cluster, LeaseKey.Name, account);
        foreach (var file in (string[])["rbac/namespaces.yaml", "rbac/lease.yaml", "../overlays/namespaced/role-bindings.yaml"])
        {
            foreach (var binding in ShippedManifest.Read(file).Where(d => d.Kind.EndsWith("Binding", StringComparison.Ordinal)))
                await (binding with { Yaml = For(account, binding.Yaml) }).Apply(Cluster);
        }

        await Installation.WaitForRights(Cluster, Namespace, account);
        Assert.False(await Installation.MayDo(Cluster, "deployment-orchestrator.io", "components", "list", "", account));
        Assert.False(await Installation.MayDo(Cluster, "external-secrets.io", "externalsecrets", "patch", "default", account));
        var process = await Start(Cluster.KubeconfigOf(account, await Cluster.CreateToken(Installation.Namespace, account)), "--namespace", Namespace);

        await Create(SecretPushes.Many(Namespace, 2));
        var pull = new JsonObject
        {
            ["apiVersion"] = "external-secrets.io/v1beta1",
            ["kind"] = "ExternalSecret",
            ["metadata"] = new JsonObject { ["name"] = "pull" },
            ["spec"] = new JsonObject(),
        };
        await Store.Create(
            NewResource.Component(Namespace, "pull",
                new() { ["handler"] = "manifest", ["config"] = new JsonObject { ["manifests"] = new JsonArray { pull } } }), Cancellation);
        await Eventually.Holds(async () => (await Components()).Count(c => c.IsReady()) == 2, "2 Components Ready");
        await Eventually.Holds(
            async () =>
                await Store.Get(new("external-secrets.io", "v1beta1", "ExternalSecret"), new(Namespace, "pull"), Cancellation) is not null,
                "the ExternalSecret");
        await Eventually.Holds(async () =>
            (await Store.List(Event, Namespace, Cancellation)).Items.Any(e => (string?)e["reason"] == "SecretCreated"), "an Event");
        await Store.Delete(ResourceType.Component, new(Namespace, "pull"), new(), Cancellation);
        await AllReady(2);
        await process.Stop();

        Assert.DoesNotContain("forbidden", process.Log, StringComparison.OrdinalIgnoreCase);
    }

    private string For(string account, string yaml) => InNamespace(account, FirstName().Replace(yaml, match => $"{match.Value}-{Namespace}", 1));

    private string InNamespace(string account, string yaml) => yaml
        .Replace("namespace: myapp\n", $"namespace: {Namespace}\n", StringComparison.Ordinal)
        .Replace("    name: dorch-operator\n", $"    name: {account}\n", StringComparison.Ordinal);

    // The binding's own name: metadata is first.
    [GeneratedRegex("^  name: .+$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstName();
}
