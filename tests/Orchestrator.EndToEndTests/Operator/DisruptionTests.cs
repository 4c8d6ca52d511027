using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Disruptions of the API server and of the connection to it. The same process continues, misses nothing and does not loop.</summary>
[Collection(OwnCluster.Name)]
public sealed class DisruptionTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    // A server that has just started has not read its roles yet, and refuses calls that they allow.
    protected override bool IsNothingForbidden => false;

    [Fact]
    public async Task A_restarted_API_server_with_compacted_history_loses_no_change_and_causes_no_hot_loop()
    {
        var process = await StartOperator();
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, 3));
        await AllReady(3);
        await Quiet.Comes(process);
        var calls = await process.Count("dorch_kubernetes_calls_total");

        await Cluster.RestartApiServer();
        await Change("secret-0", "after-the-restart");
        await Store.Create(SecretPushes.Component(Namespace, "secret-3"), Cancellation);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-1"), new(), Cancellation);
        await Cluster.CompactEtcd();
        await Cluster.RestartApiServer();
        await Change("secret-2", "after-the-compaction");

        await AllReady(3);
        await Eventually.Holds(async () => await User("secret-0") == "after-the-restart" && await User("secret-2") == "after-the-compaction", "the new values");
        await AssertVersions(("secret-0", 2), ("secret-2", 2), ("secret-3", 1));
        await AssertScheduledForDeletion("secret-1");
        await Quiet.Comes(process);
        // Twenty seconds without a server, its lists, watches and writes, and the renewals of the Lease. A hot loop would make thousands of calls.
        Assert.InRange(await process.Count("dorch_kubernetes_calls_total") - calls, 1, 300);
    }

    [Fact]
    public async Task After_an_outage_with_compacted_history_the_operator_lists_again_and_misses_nothing()
    {
        await using var proxy = new FreezingProxy(Cluster.Server);
        var process = await Start(KubeconfigThrough(proxy), "--namespace", Namespace);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, 2));
        await AllReady(2);

        // Shorter than the Lease, or the operator would restart and list anyway.
        await proxy.Cut();
        await Change("secret-0", "meanwhile");
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-1"), new(), Cancellation);
        await Cluster.CompactEtcd();
        // Waits until it has noticed the outage: a watch that ends may resume only a second later.
        await process.Logged("\"Error\":\"Unavailable\"");
        proxy.Join();

        await Eventually.Holds(async () => await User("secret-0") == "meanwhile", "the new value");
        await AllReady(1);
        await AssertScheduledForDeletion("secret-1");
        Assert.DoesNotContain("no longer leads", process.Log, StringComparison.Ordinal);
    }
}
