using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Two replicas, one of which is lost in the middle of its work.</summary>
public sealed class FailoverTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Storm = 200;

    [Fact]
    public async Task A_killed_leader_is_replaced_within_the_lease_time_and_no_secret_is_written_twice()
    {
        var leader = await StartOperator();
        await leader.Leads();
        var other = await StartOperator();
        await Create(SecretPushes.Many(Namespace, Storm));
        await ReadyAtLeast(Storm / 4);

        await leader.Kill();
        var lost = TimeProvider.System.GetTimestamp();
        Assert.True((await Components()).Count(c => c.IsReady()) < Storm, "the storm was over before the leader was lost");

        await other.Leads();
        // The lease's 15 s, the 2.4 s between two checks of it, and time for a busy machine.
        Assert.InRange(TimeProvider.System.GetElapsedTime(lost), TimeSpan.Zero, TimeSpan.FromSeconds(25));
        await AllReady(Storm);
        await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, Storm));
    }

    [Fact]
    public async Task A_leader_paused_past_its_lease_writes_nothing_more_and_stands_by()
    {
        var paused = await StartOperator();
        await paused.Leads();
        var other = await StartOperator();
        await Create(SecretPushes.Many(Namespace, Storm));
        await ReadyAtLeast(Storm / 4);

        paused.Send(Signal.Stop);
        await other.Leads();
        await AllReady(Storm);
        await Quiet.Comes(other);
        var before = await World();
        var log = AuditedCall.End(Cluster);

        paused.Send(Signal.Continue);
        await paused.Logged("no longer leads");
        await Eventually.Holds(async () => (await paused.Readiness()).Text.StartsWith("standing by", StringComparison.Ordinal), "standing by");

        Assert.Equal(before, await World());
        await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, Storm));
        Assert.True((await paused.Readiness()).IsReady);
        // It starts nothing more, and the API server refuses the requests that its workers had on the wire when it was stopped: with 409, or with 500 if
        // half a request had arrived.
        var late = AuditedCall.Since(Cluster, log)
            .Where(c => c.IsWrite && c.Namespace == Namespace && c.Resource.StartsWith("components", StringComparison.Ordinal)).ToList();
        Assert.All(late, c => Assert.True(c.Code is 409 or 500, $"{c}"));
        Assert.InRange(late.Count, 0, 16);

        // It can become the leader again.
        await other.Stop();
        await Eventually.Holds(async () => (await paused.Readiness()).Text.StartsWith("leading; the caches are in sync", StringComparison.Ordinal),
            "leading again");
        await Store.Create(SecretPushes.Component(Namespace, "one-more"), Cancellation);
        await AllReady(Storm + 1);
        await AssertOneVersionEach([.. SecretPushes.SecretNames(Namespace, Storm), $"{Namespace}/one-more"]);
    }

    [Fact]
    public async Task A_stopped_leader_releases_the_Lease_at_once()
    {
        var leader = await StartOperator();
        await leader.Leads();
        var other = await StartOperator();
        await Create(SecretPushes.Many(Namespace, 20));
        await leader.Stop();
        var stopped = TimeProvider.System.GetTimestamp();

        await other.Leads();

        Assert.InRange(TimeProvider.System.GetElapsedTime(stopped), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await AllReady(20);
        await AssertOneVersionEach(SecretPushes.SecretNames(Namespace, 20));
    }

    private Task ReadyAtLeast(int count) => Eventually.Holds(async () => (await Components()).Count(c => c.IsReady()) >= count, $"{count} Ready");

    // The version of every Component, and every version of every secret. Not the Events: one on the wire when the process is stopped arrives when it
    // resumes. It reports something that did happen, and has no version by which the API server could refuse it.
    private async Task<IReadOnlyList<string>> World()
    {
        var seen = (await Store.List(ResourceType.Component, Namespace, Cancellation)).Items.Select(i => $"{i.Name()} {i.Version()}").ToList();
        foreach (var name in await SecretsManager.Live(SecretPrefix))
            seen.Add($"{name} {(await SecretsManager.Describe(name))!["VersionIdsToStages"]!.ToJsonString()}");
        seen.Sort(StringComparer.Ordinal);
        return seen;
    }
}
