using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>One namespace's large secrets and another's small one, at AWS's rates.</summary>
public sealed class SecretPushFairnessTests : IEventSink
{
    private const int Large = 16;
    private int uids;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_small_secret_is_pushed_while_another_namespaces_large_ones_wait_for_AWS()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), Stop);
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(server.Endpoint) with { QuotaShare = 0.5 });
        var store = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}");
        var log = new TestLog();
        var informers = new ClusterInformers(store, TimeProvider.System, log);
        var view = new ClusterView(informers, new("test-cluster", [], SeesAll: true));
        var handlers = StandardHandlers.Create(new(store, clients, view, ReadinessRule.WhenApplied, TimeProvider.System));
        await using var manager = new ControllerManager(store, informers, handlers, new(TimeProvider.System, () => 0, this), log, workers: Large);
        var cache = informers.Components;
        var (begun, ready) = (NewSignal(), NewSignal());
        cache.Subscribe(change =>
        {
            // The intent is written before anything is generated.
            if (cache.InNamespace("large").Count(c => c.Status?.Applied is not null) == Large)
                begun.TrySetResult();
            if (change is { Key.Namespace: "small", After: { } small } && small.IsReady())
                ready.TrySetResult();
        });
        foreach (var name in (string[])["large", "small"])
            await store.Create(new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, Stop);
        for (var i = 0; i < Large; i++)
            await store.Create(Component("large", $"c{i}", fields: 100), Stop);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = manager.Run(stop.Token, stop.Token);
        await begun.Task.WaitAsync(Stop);
        await store.Create(Component("small", "c", fields: 1), Stop);
        await ready.Task.WaitAsync(Stop);

        // The large ones take a minute.
        Assert.DoesNotContain(cache.InNamespace("large"), c => c.IsReady());
        await stop.CancelAsync();
        await running;
    }

    void IEventSink.Record(Component component, HandlerEvent happened)
    {
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static JsonObject Component(string @namespace, string name, int fields) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
        ["spec"] = new JsonObject
        {
            ["handler"] = "secret-push",
            ["config"] = new JsonObject
            {
                ["secretName"] = $"{@namespace}/{name}",
                ["region"] = "us-east-1",
                ["fields"] = new JsonObject(Enumerable.Range(0, fields).Select(i =>
                    KeyValuePair.Create<string, JsonNode?>($"f{i}", new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 8 } }))),
            },
        },
    };
}
