using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Controllers;

/// <summary>
/// <see cref="LongLifeTests"/> with secret-push on a Secrets Manager: neither secrets that come and go nor idle time leaves an entry in the controllers,
/// the owners or the AWS clients. Bytes are not compared: the cluster's store and the Secrets Manager share this process.
/// </summary>
[Collection(ProcessMemory.Name)]
public sealed class SecretPushLongLifeTests : IAsyncLifetime
{
    private const int AtOnce = 200;

    private readonly LimitedTime time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource stop = new();
    private InMemoryResourceStore store = null!;
    private SecretsManagerServer secretsManager = null!;
    private SecretsManagerClients clients = null!;
    private ClusterView view = null!;
    private ControllerManager manager = null!;
    private Task running = Task.CompletedTask;
    private int uids;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new(time, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}", historyLimit: 500);
        secretsManager = await SecretsManagerServer.StartAsync(new() { TimeProvider = time }, Cancellation);
        clients = new(EmbeddedAws.Client(secretsManager.Endpoint) with { MaxAttempts = 1, QuotaShare = null, TimeProvider = time });
        // As the operator assembles them.
        var informers = new ClusterInformers(store, time, NullLogger.Instance, runsHere: StandardHandlers.Has);
        view = new(informers, new("c", [], SeesAll: true));
        var handlers = StandardHandlers.Create(new(store, clients, view, ReadinessRule.WhenApplied, time));
        manager = new(store, informers, handlers, new(time, () => 0, new NoEvents()), NullLoggerFactory.Instance);
        running = manager.Run(stop.Token, stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await manager.DisposeAsync();
        clients.Dispose();
        await secretsManager.DisposeAsync();
        stop.Dispose();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(4_000, Explicit = true)]
    public async Task Secrets_that_are_created_and_deleted_leave_nothing_behind(int count)
    {
        // Connections and compiled code are allocated once.
        await Live(0);
        await Live(0);
        var held = Held();

        for (var done = 0; done < count; done += AtOnce)
            await Live(done + AtOnce);

        Assert.Equal(held, Held());
        Assert.Equal(0, view.OwnerIndex.Count);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100, Explicit = true)]
    public async Task Hours_in_which_half_of_the_secrets_are_written_add_no_entries(int hours)
    {
        await Create(50, 0);
        await Pass(2);
        var held = Held();

        await Pass(hours);

        Assert.Equal(held, Held());
    }

    // In a Namespace of its own.
    private async Task Live(int from)
    {
        await Create(AtOnce, from);
        foreach (var component in (await store.List(ResourceType.Component, null, Cancellation)).Items)
        {
            Assert.Equal(Phase.Ready, component["status"]!.AsObject()["phase"]!.GetValue<string>());
            await store.Delete(ResourceType.Component, ObjectKey.Of(component), new(), Cancellation);
        }

        await manager.WhenQuiet(store.ResourceVersion, Cancellation);
        await store.Delete(ResourceType.Namespace, new(null, $"ns-{from}"), new(), Cancellation);
        Assert.Empty((await store.List(ResourceType.Component, null, Cancellation)).Items);
        Assert.Equal(AtOnce, secretsManager.Calls.Snapshot().Count(c => c is { Operation: "DeleteSecret", ErrorCode: null }));
        secretsManager.Calls.Clear();
        time.Advance(TimeSpan.FromHours(2));
        await manager.WhenQuiet(store.ResourceVersion, Cancellation);
    }

    // Every second one is written each hour.
    private async Task Create(int count, int from)
    {
        await store.Create(NewResource.Namespace($"ns-{from}"), Cancellation);
        for (var i = from; i < from + count; i++)
        {
            await store.Create(NewResource.Component($"ns-{from}", $"c-{i}", "secret-push", JsonNode.Parse($$$"""
                {"region":"us-east-1","secretName":"{{{from}}}/{{{i}}}","recoveryWindowInDays":0,
                 "updatePolicy":"{{{(i % 2 == 0 ? "AlwaysUpdate" : "IfNotExists")}}}",
                 "fields":{"user":{"value":"a"},"password":{"generator":{"passwordLength":24} } } }
                """)!.AsObject()), Cancellation);
        }

        await manager.WhenQuiet(store.ResourceVersion, Cancellation);
    }

    private async Task Pass(int hours)
    {
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(hours); passed += TimeSpan.FromMinutes(5))
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await manager.WhenQuiet(store.ResourceVersion, Cancellation);
        }

        Assert.InRange(secretsManager.Calls.Snapshot().Count(c => c.Operation == "UpdateSecret"), (hours - 1) * 25, (hours + 1) * 25);
        secretsManager.Calls.Clear();
    }

    // The number of a Component's conditions and the length of its text depend on its last action.
    private IReadOnlyList<string> Held() => [.. HeldEntries.Of(manager).Concat(HeldEntries.Of(clients)).Concat(HeldEntries.Of(view.OwnerIndex))
        .Where(entry => !entry.StartsWith($"{nameof(ComponentStatus)}.", StringComparison.Ordinal)
            && !entry.StartsWith($"{nameof(PackedJson)}.", StringComparison.Ordinal))];

    private sealed class NoEvents : IEventSink
    {
        public void Record(Component component, HandlerEvent happened)
        {
        }
    }
}
