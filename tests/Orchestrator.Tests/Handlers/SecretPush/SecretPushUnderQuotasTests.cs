using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.SecretsManagerEmulator.Quotas;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Many Components at once in an account that has AWS's quotas and another user.</summary>
public sealed class SecretPushUnderQuotasTests : IEventSink
{
    private const int Components = 200;
    private const int Throttles = 6;
    private readonly ConcurrentQueue<string> told = new();
    private int uids;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Throttled_calls_are_retried_and_never_reported()
    {
        await using var server = await SecretsManagerServer.StartAsync(new() { Quotas = RequestQuotas.Aws }, Stop);
        var options = EmbeddedAws.Client(server.Endpoint);
        // As if another user of the account used the quota first.
        server.Faults.Queue("GetRandomPassword", Fault.Throttle, Throttles);
        using var clients = new SecretsManagerClients(options with { QuotaShare = 1 });
        var store = new InMemoryResourceStore(TimeProvider.System, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}");
        var log = new TestLog();
        var informers = new ClusterInformers(store, TimeProvider.System, log);
        var view = new ClusterView(informers, new("test-cluster", [], SeesAll: true));
        var handlers = StandardHandlers.Create(new(store, clients, view, ReadinessRule.WhenApplied, TimeProvider.System));
        await using var manager = new ControllerManager(store, informers, handlers, new(TimeProvider.System, () => 0, this), log);
        var cache = informers.Components;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cache.Subscribe(change =>
        {
            told.Enqueue($"{change.After?.Status?.Phase} {change.After?.Status?.Message}");
            if (cache.All().Count(c => c.IsReady()) == Components)
                ready.TrySetResult();
        });
        for (var i = 0; i < Components; i++)
            await store.Create(Component(i), Stop);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = manager.Run(stop.Token, stop.Token);
        await ready.Task.WaitAsync(Stop);
        await stop.CancelAsync();
        await running;

        var calls = server.Calls.Snapshot();
        // Sent without pacing, three in four would be throttled. A machine that stalls for a moment sends some of them too close together.
        Assert.InRange(calls.Count(c => c.ErrorCode == "ThrottlingException"), Throttles, Throttles + 20);
        Assert.DoesNotContain(calls, c => c.Operation.EndsWith("GetSecretValue", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => t.Contains("hrottl", StringComparison.Ordinal) || t.StartsWith("Failed", StringComparison.Ordinal));
        Assert.Equal(Components, calls.Count(c => c is { Operation: "CreateSecret", ErrorCode: null }));
        Assert.Equal(Components, calls.Count(c => c is { Operation: "GetRandomPassword", ErrorCode: null }));
    }

    void IEventSink.Record(Component component, HandlerEvent happened) => told.Enqueue($"{happened.Reason} {happened.Message}");

    private static JsonObject Component(int i)
    {
        var config = PushedSecret.Config();
        config["secretName"] = $"myapp/{i}/credentials";
        return NewResource.Component("default", $"c{i}", "secret-push", config);
    }
}
