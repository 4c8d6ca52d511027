using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>How few calls an operator makes to the API server and to AWS.</summary>
public sealed class QuietTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Many = 1_000;

    [Fact]
    public async Task Hundreds_of_Ready_Components_cause_no_write_and_no_AWS_call_for_a_minute()
    {
        var process = await StartOperator();
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, Many));
        await AllReady(Many);
        // Events are written in the background, one after another.
        await Eventually.Holds(async () => (await Store.List(Event, Namespace, Cancellation)).Items.Count == Many, "an Event of each");
        await Quiet.Comes(process);
        var (start, aws) = (AuditedCall.End(Cluster), await process.AwsCalls());

        // One renewal every two seconds.
        await Renewals(30);

        Assert.DoesNotContain(AuditedCall.Since(Cluster, start), c => c.IsWrite && c.Namespace == Namespace);
        Assert.Equal(aws, await process.AwsCalls());
    }

    [Fact]
    public async Task A_Component_costs_three_writes_from_its_creation_to_Ready()
    {
        var process = await StartOperator();
        await process.Leads();
        // The first Component is slow while the program warms up, and one that takes over two seconds writes that into its status.
        await Store.Create(SecretPushes.Component(Namespace, "first"), Cancellation);
        await AllReady(1);
        var start = AuditedCall.End(Cluster);

        await Create(SecretPushes.Many(Namespace, 20));
        await AllReady(21);
        await Quiet.Comes(process);

        var writes = AuditedCall.Since(Cluster, start)
            .Where(c => c.IsWrite && c.Namespace == Namespace && c.Name.StartsWith("secret-", StringComparison.Ordinal))
            .Where(c => c.Resource.StartsWith("components", StringComparison.Ordinal)).ToLookup(c => c.Name, c => $"{c.Verb} {c.Resource} {c.Code}");
        Assert.Equal(20, writes.Count);
        Assert.All(writes, component => Assert.Equal(
            [
                // The claim, the intent and the result.
                "update components.deployment-orchestrator.io 200",
                "update components/status.deployment-orchestrator.io 200",
                "update components/status.deployment-orchestrator.io 200",
            ],
            component));
    }

    private async Task Renewals(int count)
    {
        var from = (await Store.List(Lease, LeaseKey.Namespace, Cancellation)).ResourceVersion;
        await foreach (var happened in Store.Watch(Lease, LeaseKey.Namespace, from, Cancellation))
        {
            if (happened.Type == WatchEventType.Modified && ObjectKey.Of(happened.Resource) == LeaseKey && --count == 0)
                return;
        }

        Assert.Fail("the watch ended");
    }
}
