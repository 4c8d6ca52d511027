using System.Security.Cryptography;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Resources;
using Xunit.Sdk;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>An operator that is killed repeatedly, at any moment, reaches the same state as one that is never killed.</summary>
public sealed class KilledAtRandomTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    private const int Kills = 50;

    [Fact]
    public async Task Fifty_kills_leave_one_version_of_each_secret_and_no_orphan()
    {
        var seed = Environment.GetEnvironmentVariable("DORCH_SEED") is { Length: > 0 } text ? int.Parse(text) : RandomNumberGenerator.GetInt32(int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"DORCH_SEED={seed}");
        try
        {
            await Run(new(seed));
        }
        catch (Exception e) when (e is XunitException or InvalidOperationException)
        {
            throw new InvalidOperationException($"DORCH_SEED={seed}: {e.Message}", e);
        }
    }

    private async Task Run(Random random)
    {
        // The expectation: how often the value of each Component was due.
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < Kills; round++)
        {
            var process = await StartOperator();
            await process.Leads();
            await Work(random, round, expected);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System, Cancellation);
            await process.Kill();
            // The process is certainly dead, so the next one need not wait 15 s for its Lease.
            await Store.Delete(Lease, LeaseKey, new(), Cancellation);
        }

        await StartOperator();

        await AllReady(expected.Count);
        await AssertVersions([.. expected.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value))]);
    }

    // A few changes at once in each round; the operator sees some before it is killed and the next one sees the others.
    private async Task Work(Random random, int round, Dictionary<string, int> expected)
    {
        for (var i = 0; i < 4; i++)
        {
            var name = $"secret-{round}-{i}";
            await Store.Create(SecretPushes.Component(Namespace, name), Cancellation);
            expected[name] = 1;
        }

        var ready = (await Components()).Where(c => c.IsReady()).Select(c => c.Name()).Where(n => expected.GetValueOrDefault(n) == 1).ToList();
        if (ready.Count > 0)
        {
            var changed = ready[random.Next(ready.Count)];
            await Change(changed, $"round-{round}");
            expected[changed] = 2;
        }

        var names = expected.Keys.Where(n => expected[n] == 1).ToList();
        var deleted = names[random.Next(names.Count)];
        await Store.Delete(ResourceType.Component, new(Namespace, deleted), new(), Cancellation);
        expected.Remove(deleted);
    }
}
