using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>etcd is restored from a snapshot while an operator runs: later writes are lost, and versions that were seen are used again (field case
/// etcd-restored).</summary>
[Collection(OwnCluster.Name)]
public sealed class RestoredEtcdTests(OwnCluster own) : OperatorTest(own.Cluster, own.Installation)
{
    // A server that has just started has not read its roles yet, and refuses calls that they allow.
    protected override bool IsNothingForbidden => false;

    [Fact]
    public async Task An_operator_on_a_restored_etcd_restores_and_takes_over_secrets_without_a_restart()
    {
        // It watches all namespaces: only then can it know that an owner no longer exists.
        var process = await Start(Kubeconfig);
        await process.Leads();
        await Create(SecretPushes.Many(Namespace, 2));
        await AllReady(2);
        await Cluster.SaveEtcd();
        await Change("secret-0", "lost");
        await Store.Create(SecretPushes.Component(Namespace, "phantom"), Cancellation);
        await Store.Delete(ResourceType.Component, new(Namespace, "secret-1"), new(), Cancellation);
        await Eventually.Holds(async () => await User("secret-0") == "lost", "the new value");
        await AllReady(2);
        var value = (string?)(await SecretsManager.Value($"{Namespace}/phantom"))["password"];

        await Cluster.RestoreEtcd();

        // secret-1 and its secret are back. The phantom is unknown, and the Component that names its secret now takes it over.
        await AllReady(2);
        await Eventually.Holds(async () => (await SecretsManager.Describe($"{Namespace}/secret-1"))!["DeletedDate"] is null,
            "the secret of the Component that is back");
        var heir = SecretPushes.Component(Namespace, "heir");
        heir["spec"]!["config"]!["secretName"] = $"{Namespace}/phantom";
        await Store.Create(heir, Cancellation);
        await Change("secret-0", "kept");
        await Eventually.Holds(async () => await User("secret-0") == "kept", "the new value");
        await AllReady(3);
        Assert.Equal(value, (string?)(await SecretsManager.Value($"{Namespace}/phantom"))["password"]);
        Assert.Equal("True", (string?)(await Component("heir"))["status"]!["conditions"]!.AsArray()
            .Single(c => (string?)c!["type"] == "SecretPushed")!["status"]);
        await Quiet.Comes(process);
    }

    [Fact]
    public async Task An_informer_drops_what_a_restored_etcd_no_longer_has_and_reads_its_own_writes()
    {
        var client = new ResourceClient<Component>(Store, ResourceType.Component, ApiJson.Default.Component);
        var cache = new Informer<Component>(Store, client, TimeProvider.System, NullLogger.Instance, Namespace);
        var changes = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        cache.Subscribe(change => changes[change.Key.Name] = change.After?.Spec.DeploymentTimeout ?? "gone");
        using var stop = new CancellationTokenSource();
        var running = cache.Run(stop.Token);
        await cache.Synced.WaitAsync(Cancellation);
        await Write("changed", "1m");
        await Write("deleted", "1m");
        await Cluster.SaveEtcd();
        await Write("changed", "2m");
        await Write("phantom", "1m");
        await client.Delete(new(Namespace, "deleted"), new(), Cancellation);
        await Eventually.Holds(
            () => Task.FromResult(changes["changed"] == "2m" && changes["deleted"] == "gone" && changes.ContainsKey("phantom")), "what was written");

        await Cluster.RestoreEtcd();

        await Eventually.Holds(
            () => Task.FromResult(changes["changed"] == "1m" && changes["deleted"] == "1m" && changes["phantom"] == "gone"), "what was restored");
        Assert.Equal(["changed", "deleted"], cache.All().Select(c => c.Metadata.Name).Order(StringComparer.Ordinal));
        var since = cache.History;
        var known = cache.Get(new(Namespace, "changed"))!;
        var written = await client.Replace(known with { Spec = known.Spec with { DeploymentTimeout = "3m" } }, Cancellation);
        cache.Observe(written, since);
        Assert.Equal("3m", cache.Get(new(Namespace, "changed"))!.Spec.DeploymentTimeout);
        await client.Delete(new(Namespace, "changed"), new(), Cancellation);
        await Eventually.Holds(() => Task.FromResult(changes["changed"] == "gone"), "the deletion");
        await stop.CancelAsync();
        await running;

        async Task Write(string name, string timeout)
        {
            var key = new ObjectKey(Namespace, name);
            var component = await Store.Get(ResourceType.Component, key, Cancellation)
                ?? await Store.Create(NewResource.Component(Namespace, name, new JsonObject { ["handler"] = "nobody" }), Cancellation);
            component["spec"]!["deploymentTimeout"] = timeout;
            await Store.Replace(component, Cancellation);
        }
    }
}
