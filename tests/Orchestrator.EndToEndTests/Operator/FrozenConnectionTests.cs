using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>A network that drops what is on its way, and closes nothing.</summary>
public sealed class FrozenConnectionTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task A_frozen_connection_is_given_up_and_the_same_process_goes_on()
    {
        await using var proxy = new FreezingProxy(Cluster.Server);
        var process = await Start(KubeconfigThrough(proxy), "--namespace", Namespace);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, 3));
        await AllReady(3);
        var calls = await process.Count("dorch_kubernetes_calls_total");

        await proxy.Freeze();
        await Change("secret-0", "while-frozen");
        await Store.Create(SecretPushes.Component(Namespace, "secret-3"), Cancellation);

        await AllReady(4);
        await Eventually.Holds(async () => await User("secret-0") == "while-frozen", "the new value");
        await AssertVersions(("secret-0", 2), ("secret-1", 1), ("secret-2", 1), ("secret-3", 1));
        await Quiet.Comes(process);
        Assert.InRange(await process.Count("dorch_kubernetes_calls_total") - calls, 1, 300);
    }
}
