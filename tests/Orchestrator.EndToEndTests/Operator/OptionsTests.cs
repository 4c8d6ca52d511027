using System.Text.Json.Nodes;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Options of the operator that show only from outside.</summary>
public sealed class OptionsTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task A_rebuilt_cluster_with_the_same_cluster_id_keeps_its_secrets()
    {
        var id = $"id-of-{Namespace}";
        var first = await StartOperator("--cluster-id", id);
        await Store.Create(Always(), Cancellation);
        await AllReady(1);
        Assert.Equal($"{id}/{Namespace}/app", await Owner());
        var version = Assert.Single(await SecretsManager.Versions($"{Namespace}/app"));
        await first.Stop();
        // The cluster loses everything; the secret remains.
        await Forget();

        var another = await StartOperator("--cluster-id", "another");
        await Store.Create(Always(), Cancellation);
        await Until("app", c => c.Phase() == "Failed" && Message(c).Contains("another cluster", StringComparison.Ordinal), "refused");
        Assert.DoesNotContain(id, Message(await Component("app")), StringComparison.Ordinal);
        await another.Stop();
        await Forget();

        await StartOperator("--cluster-id", id);
        await Store.Create(Always(), Cancellation);
        await AllReady(1);
        Assert.Equal($"{id}/{Namespace}/app", await Owner());
        Assert.Equal(version, Assert.Single(await SecretsManager.Versions($"{Namespace}/app")));
    }

    [Fact]
    public async Task The_quota_share_limits_the_rate_of_calls()
    {
        // One of AWS's 50 passwords a second.
        await StartOperator("--quota-share", "0.02");
        await Create(SecretPushes.Many(Namespace, 4));
        await AllReady(4);

        var made = new List<double>();
        foreach (var name in SecretPushes.SecretNames(Namespace, 4))
            made.Add((double)(await SecretsManager.Describe(name))!["CreatedDate"]!);
        Assert.InRange(made.Max() - made.Min(), 2, double.MaxValue);
    }

    private static string Message(JsonObject component) => (string)component["status"]!["message"]!;

    private JsonObject Always()
    {
        var component = SecretPushes.Component(Namespace, "app");
        component["spec"]!["config"]!["updatePolicy"] = "AlwaysUpdate";
        return component;
    }

    private async Task<string?> Owner() => (string?)(await SecretsManager.Describe($"{Namespace}/app"))!["Tags"]!.AsArray()
        .Single(t => (string?)t!["Key"] == "deployment-orchestrator.io/owner")!["Value"];

    // As with a lost cluster, nothing releases the secret.
    private async Task Forget()
    {
        var component = await Component("app");
        component["metadata"]!["finalizers"] = null;
        await Store.Replace(component, Cancellation);
        await Store.Delete(ResourceType.Component, new(Namespace, "app"), new(), Cancellation);
    }
}
