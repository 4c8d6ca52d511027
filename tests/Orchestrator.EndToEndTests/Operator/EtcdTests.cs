using System.Text;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>The data on a cluster's disks: etcd's own files, including its write-ahead log, which has every version of every object.</summary>
[Collection(OwnCluster.Name)]
public sealed class EtcdTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    private const int Count = 20;

    [Fact]
    public async Task No_generated_value_is_in_etcds_files_logs_events_or_metrics()
    {
        var process = await StartOperator();
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, Count));
        await AllReady(Count);
        await Change("secret-0", "changed");
        await Change("secret-1", "changed");
        await Eventually.Holds(async () => await User("secret-0") == "changed" && await User("secret-1") == "changed", "the new values");
        await AllReady(Count);
        var scan = await ScanForGenerated();
        // Two secrets have two versions.
        Assert.Equal(Count + 2, scan.Values);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-2"), new(), Cancellation);
        await AllReady(Count - 1);
        await Quiet.Comes(process);

        scan.AssertAbsent("the metrics", await process.Metrics());
        scan.AssertAbsent("the log", process.Log);
        // A copy, because etcd locks its database.
        using var copy = new TemporaryFolder();
        (await RunningProcess.Run(["cp", "-r", Cluster.EtcdData, copy.Path])).Exited(0);
        scan.AssertAbsentFrom(copy.Path);

        // The scan finds static values, which are configuration.
        Assert.ThrowsAny<Exception>(() => new LeakScan([Encoding.UTF8.GetBytes($"{Namespace}/secret-2")]).AssertAbsentFrom(copy.Path));
    }
}
