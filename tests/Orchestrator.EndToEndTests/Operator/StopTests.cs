using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>SIGTERM in the middle of work: the work is finished, or repeated by the next process, and nothing is written twice.</summary>
public sealed class StopTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Count = 3;

    [Fact]
    public async Task A_stopped_operator_finishes_work_that_ends_in_time()
    {
        await using var slow = await SecretsManagerProcess.Start("--fault", $"GetRandomPassword=slow:4s:{Count}");

        await StopAtWork(slow);

        Assert.Equal(Count, (await Components()).Count(c => c.IsReady()));
        Assert.Equal(SecretPushes.SecretNames(Namespace, Count), (await slow.Live(SecretPrefix)).Order(StringComparer.Ordinal));
        foreach (var name in SecretPushes.SecretNames(Namespace, Count))
            Assert.Single(await slow.Versions(name));
        // The last event is written, too.
        Assert.Equal(Count, (await Store.List(Event, Namespace, Cancellation)).Items.Count(e => (string?)e["reason"] == "SecretCreated"));
    }

    [Fact]
    public async Task A_stopped_operator_gives_up_longer_work_and_the_next_one_does_it_safely()
    {
        await using var never = await SecretsManagerProcess.Start("--fault", "GetRandomPassword=slow:1h:1000");

        await StopAtWork(never);

        Assert.DoesNotContain(await Components(), c => c.IsReady());
        Assert.Empty(await never.Live(SecretPrefix));
        // This Secrets Manager answers.
        await StartOperator();
        await AllReady(Count);
        await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, Count));
    }

    private async Task StopAtWork(SecretsManagerProcess secretsManager)
    {
        var process = await Start(Kubeconfig, secretsManager.Environment, "--namespace", Namespace);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, Count));
        // After two seconds of work its status shows that.
        await Eventually.Holds(async () => (await Components()).All(c => c.Phase() == "Deploying"), "work that takes its time");

        await process.Stop();

        Assert.Contains("\"stopped\"", process.Log, StringComparison.Ordinal);
        Assert.Equal("", (string?)(await Store.Get(Lease, LeaseKey, Cancellation))!["spec"]!["holderIdentity"] ?? "");
    }
}
