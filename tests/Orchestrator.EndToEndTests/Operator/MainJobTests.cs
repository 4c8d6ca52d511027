using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>README's promise for a cluster, done as a platform engineer would: kubectl and the specification's Composition.</summary>
[Collection(OwnCluster.Name)]
public sealed class MainJobTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    private const string Secret = "myapp/prod/credentials";

    private static readonly ResourceType ExternalSecret = new("external-secrets.io", "v1beta1", "ExternalSecret");

    private Kubectl Kubectl => new(Cluster.Kubeconfig);

    protected override string SecretPrefix => "myapp/";

    public override async ValueTask InitializeAsync()
    {
        Kubectl.MustBeThere();
        await base.InitializeAsync();
    }

    [Fact]
    public async Task The_example_becomes_Ready_describes_itself_and_leaves_nothing_after_its_deletion()
    {
        var process = await Start(Kubeconfig);
        await Apply();

        await Kubectl.Run("wait", "-n", "myapp", "--for=condition=Ready", "composition/myapp", "--timeout=90s");

        var table = (await Kubectl.Run("get", "components,compositions", "-n", "myapp")).Split('\n').Select(Cells).ToList();
        Assert.Contains(table, row => row is ["component.deployment-orchestrator.io/myapp-app-credentials", "Ready", "True", "secret-push", _]);
        Assert.Contains(table, row => row is ["component.deployment-orchestrator.io/myapp-creds-pull", "Ready", "True", "manifest", _]);
        Assert.Contains(table, row => row is ["component.deployment-orchestrator.io/myapp-database", "Ready", "True", "config-reader", _]);
        Assert.Contains(table, row => row is ["composition.deployment-orchestrator.io/myapp", "Ready", "True", _]);

        await Eventually.Holds(async () => (await Describe()).Contains("SecretCreated", StringComparison.Ordinal), "the event SecretCreated");
        var described = await Describe();
        Assert.Contains("Pushed to AWS Secrets Manager", described, StringComparison.Ordinal);
        Assert.Contains("Generated passwords via AWS GetRandomPassword", described, StringComparison.Ordinal);

        var value = await SecretsManager.Value(Secret);
        Assert.Equal("db.us-east-1.rds.amazonaws.com", (string?)value["db_host"]);
        Assert.Equal(32, ((string)value["password"]!).Length);
        await AssertNothingLeaked("myapp", atLeast: 1);
        // The operator never reads a secret.
        var metrics = await process.Metrics();
        Assert.Contains("operation=\"DescribeSecret\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("GetSecretValue", metrics, StringComparison.Ordinal);
        var pull = (await Store.Get(ExternalSecret, new("myapp", "app-credentials"), Cancellation))!;
        Assert.Equal(Secret, (string?)pull["spec"]!["dataFrom"]![0]!["extract"]!["key"]);
        Assert.Equal("{{ .password }}", (string?)pull["spec"]!["target"]!["template"]!["data"]!["app-password"]);

        await Kubectl.Run("delete", "composition", "myapp", "-n", "myapp", "--timeout=90s");

        await AssertNothingIsLeft();
        await End();
    }

    [Fact]
    public async Task Deleting_the_namespace_leaves_nothing()
    {
        await Start(Kubeconfig);
        await Apply();
        await Kubectl.Run("wait", "-n", "myapp", "--for=condition=Ready", "composition/myapp", "--timeout=90s");

        await End();
    }

    [Fact]
    public async Task Kubectl_installs_the_overlay_and_a_second_apply_changes_nothing()
    {
        var again = (await Kubectl.Run("apply", "-k", Installation.Folder)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(again, line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
        Assert.Contains("deployment.apps/dorch-operator unchanged", again);

        // No kubelet runs the Pods; the controllers and the admission of a real control plane have accepted them.
        await Eventually.Holds(
            async () =>
                (await Kubectl.Run("get", "pods", "-n", Installation.Namespace, "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 2,
            "two Pods");
    }

    private async Task Apply()
    {
        await Kubectl.Run("apply", "-f", Repository.Example("myapp"));
        // Simulates External Secrets Operator: without its status the ExternalSecret is not Ready.
        await Eventually.Holds(async () => await Store.Get(ExternalSecret, new("myapp", "app-credentials"), Cancellation) is not null, "the ExternalSecret");
        var pull = (await Store.Get(ExternalSecret, new("myapp", "app-credentials"), Cancellation))!;
        pull["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray { new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "SecretSynced" } },
            ["syncedResourceVersion"] = $"{pull["metadata"]!["generation"]}-played",
        };
        await Store.ReplaceStatus(pull, Cancellation);
    }

    private async Task End()
    {
        await Kubectl.Run("delete", "namespace", "myapp", "--timeout=90s");
        await AssertNothingIsLeft();
        // All tests use the example's secret name: the next one must not find a secret to restore.
        await SecretsManager.Call("DeleteSecret", new() { ["SecretId"] = Secret, ["ForceDeleteWithoutRecovery"] = true });
    }

    private Task<string> Describe() => Kubectl.Run("describe", "component", "myapp-app-credentials", "-n", "myapp");

    private async Task AssertNothingIsLeft()
    {
        foreach (var type in new[] { ResourceType.Component, ResourceType.Composition, ExternalSecret })
            Assert.Empty((await Store.List(type, "myapp", Cancellation)).Items);
        Assert.Empty(await SecretsManager.Live(SecretPrefix));
        Assert.NotNull((await SecretsManager.Describe(Secret))!["DeletedDate"]);
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
