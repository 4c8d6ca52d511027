using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>The controllers with the standard handlers.</summary>
public sealed class EmbeddedComponentTests
{
    [Fact]
    public async Task A_new_secret_is_Ready_after_at_most_four_writes_and_is_not_written_again()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        await cluster.PutComponent("credentials", Config());
        await cluster.WhenQuiet();
        var ready = await cluster.Component("credentials");
        Assert.Equal(Phase.Ready, ready.Status!.Phase);
        Assert.InRange(await Writes(cluster), 1, 4);

        await cluster.Advance(TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(5));
        Assert.Equal(ready.Metadata.ResourceVersion, (await cluster.Component("credentials")).Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1000, Explicit = true)]
    public async Task Ready_Components_call_nothing_between_two_refreshes(int count)
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        for (var i = 0; i < count; i++)
        {
            var config = Config();
            config["secretName"] = $"team/credentials-{i}";
            await cluster.PutComponent($"credentials-{i}", config);
        }

        await cluster.WhenQuiet();
        Assert.Equal(count, cluster.Calls("CreateSecret"));
        var calls = cluster.SecretsManager.Calls.Snapshot().Count;
        cluster.Hooked.Before = (call, name) => throw new InvalidOperationException($"{call} {name}");

        await cluster.Advance(TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(1));

        Assert.Equal(calls, cluster.SecretsManager.Calls.Snapshot().Count);
        // The refresh still takes place.
        cluster.Hooked.Before = (_, _) => Task.CompletedTask;
        await cluster.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(calls + count, cluster.SecretsManager.Calls.Snapshot().Count);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, count).Select(i => cluster.Component($"credentials-{i}"))), c =>
            Assert.Equal(Phase.Ready, c.Status!.Phase));
    }

    [Fact]
    public async Task A_throttle_passes_and_a_missing_right_is_tried_after_a_minute()
    {
        await using var cluster = await EmbeddedCluster.StartAsync();
        cluster.SecretsManager.Faults.Queue("DescribeSecret", Fault.Throttle);
        cluster.SecretsManager.Faults.DenyAlways("GetRandomPassword");
        await cluster.PutComponent("credentials", Config());
        await cluster.WhenQuiet();
        Assert.Equal(Phase.Deploying, (await cluster.Component("credentials")).Status!.Phase);
        await cluster.Advance(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        Assert.Equal(Phase.Failed, (await cluster.Component("credentials")).Status!.Phase);
        cluster.SecretsManager.Faults.Allow("GetRandomPassword");
        await cluster.Advance(TimeSpan.FromSeconds(58));
        Assert.Equal(0, cluster.Calls("CreateSecret"));
        await cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Phase.Ready, (await cluster.Component("credentials")).Status!.Phase);
        Assert.Equal(1, cluster.Calls("CreateSecret"));
    }

    private static JsonObject Config() => JsonNode.Parse("""
        { "secretName": "team/credentials", "fields": { "user": { "value": "admin" }, "password": { "generator": { "passwordLength": 32 } } } }
        """)!.AsObject();

    private static async Task<int> Writes(EmbeddedCluster cluster)
    {
        var last = cluster.Store.ResourceVersion(ResourceType.Component);
        var count = 0;
        await foreach (var happened in cluster.Store.Watch(ResourceType.Component, null, "0", TestContext.Current.CancellationToken))
        {
            count++;
            if ((string?)happened.Resource["metadata"]!["resourceVersion"] == last)
                break;
        }

        return count;
    }
}
