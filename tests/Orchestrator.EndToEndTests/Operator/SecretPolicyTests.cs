using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>SecretPolicies on a real cluster, with the rights of deploy/: they deny, and their changes take effect without a restart.</summary>
public sealed class SecretPolicyTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private string Own => $$"""{"secretNames": ["{{Namespace}}/*"], "regions": ["us-east-1"]}""";

    private const string Theirs = """{"secretNames": ["theirs/*"]}""";

    [Fact]
    public async Task A_denial_heals_when_the_policy_is_edited()
    {
        await PutPolicy(ByName, Theirs);
        await StartOperator();
        await Create([SecretPushes.Component(Namespace, "app")]);

        var denied = await Until("app", c => c.Phase() == "Failed", "Failed");
        Assert.Equal("Denied", (string?)denied.Condition("Ready")["reason"]);
        Assert.StartsWith($"secretName: SecretPolicy {Namespace}, allow.secretNames: secretName {Namespace}/app is not allowed; allowed is theirs/*",
            (string)denied["status"]!["message"]!, StringComparison.Ordinal);
        Assert.Empty(await SecretsManager.Live(SecretPrefix));

        await PutPolicy(ByName, Own);
        await AllReady(1);
    }

    [Fact]
    public async Task A_denial_heals_when_the_Namespace_gets_the_label()
    {
        await PutPolicy($$$"""{"matchLabels": {"team": "{{{Namespace}}}"}}""", Own);
        await StartOperator("--require-policy");
        await Create([SecretPushes.Component(Namespace, "app")]);
        await Until("app", c => c.Phase() == "Failed", "Failed");

        var labelled = (await Store.Get(ResourceType.Namespace, new(null, Namespace), Cancellation))!;
        labelled["metadata"]!["labels"] = new JsonObject { ["team"] = Namespace };
        await Store.Replace(labelled, Cancellation);

        await AllReady(1);
    }

    [Fact]
    public async Task A_deletion_waits_for_a_policy_that_allows_it()
    {
        await StartOperator();
        await Create([SecretPushes.Component(Namespace, "app")]);
        await AllReady(1);
        await PutPolicy(ByName, Theirs);

        await Store.Delete(ResourceType.Component, new(Namespace, "app"), new(), Cancellation);
        var waiting = await Until("app", c => c.Phase() == "TerminationFailed"
            || ((string?)c["status"]?["message"])?.StartsWith("cannot", StringComparison.Ordinal) == true, "Denied");
        Assert.StartsWith($"cannot release {Namespace}/app: secretName: SecretPolicy", (string)waiting["status"]!["message"]!, StringComparison.Ordinal);
        Assert.Single(await SecretsManager.Live(SecretPrefix));

        await PutPolicy(ByName, Own);
        await Eventually.Holds(async () => (await Components()).Count == 0, "no Component");
        await AssertScheduledForDeletion("app");
    }

    [Fact]
    public async Task A_misspelled_demand_reaches_the_operator_and_denies_everything()
    {
        await PutPolicy(ByName, Own, """, "mandatry": {"passwordLength": 20}""");
        await StartOperator();
        await Create([SecretPushes.Component(Namespace, "app")]);

        var denied = await Until("app", c => c.Phase() == "Failed", "Failed");
        Assert.StartsWith($"SecretPolicy {Namespace}, unreadable: cannot be read: spec.mandatry: unknown key \"mandatry\"; did you mean \"mandatory\"?",
            (string)denied["status"]!["message"]!, StringComparison.Ordinal);
    }

    private string ByName => $$"""{"matchNames": ["{{Namespace}}"]}""";

    // Tests share the cluster, so it selects only the test's own namespace.
    private Task<JsonObject> PutPolicy(string namespaces, string allow, string more = "") => Cluster.Apply(
        $"apis/{ApiGroup.ApiVersion}/secretpolicies/{Namespace}", $$$"""
        {"apiVersion": "{{{ApiGroup.ApiVersion}}}", "kind": "SecretPolicy", "metadata": {"name": "{{{Namespace}}}"},
         "spec": {"namespaces": {{{namespaces}}}, "allow": {{{allow}}}{{{more}}} } }
        """);
}
