using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>SIGTERM in the middle of work: it is finished, or done again by the next one, and nothing is done twice.</summary>
public sealed class StopTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Count = 3;

    [Theory]
    [InlineData("4s", Count)]
    // Over the 20 s that it has: broken off.
    [InlineData("5m", 0)]
    public async Task Work_that_was_begun_ends_or_is_safely_done_again(string answersAfter, int finished)
    {
        await using var slow = await SecretsManagerProcess.Start("--fault", $"GetRandomPassword=slow:{answersAfter}:{Count}");
        var process = await Start(Kubeconfig, slow.Environment, "--namespace", Namespace);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, Count));
        // Two seconds into the work its status says so.
        await Eventually.Holds(async () => (await Components()).All(c => c.Phase() == "Deploying"), "work that takes its time");

        await process.Stop();

        Assert.Contains("\"stopped\"", process.Log, StringComparison.Ordinal);
        Assert.Equal("", (string?)(await Store.Get(Lease, LeaseKey, Cancellation))!["spec"]!["holderIdentity"] ?? "");
        Assert.Equal(finished, (await Components()).Count(c => c.IsReady()));
        await Start(Kubeconfig, slow.Environment, "--namespace", Namespace);
        await AllReady(Count);
        Assert.Equal(SecretPushes.SecretNames(Namespace, Count), (await slow.Live(SecretPrefix)).Order(StringComparer.Ordinal));
        foreach (var name in SecretPushes.SecretNames(Namespace, Count))
            Assert.Single(await slow.Versions(name));
    }
}
