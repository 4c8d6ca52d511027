using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>A network that drops packets and closes no connection.</summary>
public sealed class FrozenConnectionTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task A_network_frozen_for_a_minute_delays_work_and_loses_nothing()
    {
        await using var proxy = new FreezingProxy(Cluster.Server);
        var process = await Start(KubeconfigThrough(proxy), "--namespace", Namespace);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, 3));
        await AllReady(3);
        var calls = await process.Count("dorch_kubernetes_calls_total");

        // Each attempt to take the Lease ends after 5 s and is repeated 2 s later: ten of them take more than a minute. The connection ends earlier: it is
        // pinged after
        // 15 s and closed after 30 s, and its successors are frozen, too.
        proxy.FreezeAll();
        await Change("secret-0", "while-frozen");
        await Store.Create(SecretPushes.Component(Namespace, "secret-3"), Cancellation);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-1"), new(), Cancellation);
        await Eventually.Holds(() => Task.FromResult(process.Log.Split("cannot read or write the Lease").Length > 10), "ten tries of the Lease");
        Assert.Equal("app", await User("secret-0"));
        proxy.Thaw();

        await AllReady(3);
        await Eventually.Holds(async () => await User("secret-0") == "while-frozen", "the new value");
        await AssertVersions(("secret-0", 2), ("secret-2", 1), ("secret-3", 1));
        await AssertScheduledForDeletion("secret-1");
        await Quiet.Comes(process);
        Assert.InRange(await process.Count("dorch_kubernetes_calls_total") - calls, 1, 300);
    }
}
