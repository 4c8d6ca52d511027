using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Tests.Controllers;

/// <summary>
/// Resources that come and go leave nothing behind, and idle time adds nothing. The test measures the memory of the whole process, so it runs alone.
/// </summary>
[Collection(ProcessMemory.Name)]
public sealed class LongLifeTests : IAsyncDisposable
{
    // Garbage, and memory of the runtime itself.
    private const long Slack = 4 * 1024 * 1024;

    private readonly LimitedTime time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryResourceStore store;
    private readonly ControllerManager manager;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private int uids;

    public LongLifeTests()
    {
        store = new(time, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}", historyLimit: 500);
        var handlers = new HandlerRegistry([new FollowingHandler()]);
        var informers = new ClusterInformers(store, time, NullLogger.Instance, runsHere: handlers.Has);
        manager = new(store, informers, handlers, new(time, () => 0, new NoEvents()), NullLoggerFactory.Instance);
        running = manager.Run(stop.Token, stop.Token);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await manager.DisposeAsync();
        stop.Dispose();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000, Explicit = true)]
    public async Task Components_that_are_created_and_deleted_leave_nothing_behind(int count)
    {
        await Live(100);
        var (entries, bytes) = (HeldEntries.Of(manager), Bytes());

        for (var done = 0; done < count; done += 100)
            await Live(100, done + 100);

        Assert.Equal(entries, HeldEntries.Of(manager));
        Assert.Equal(0, manager.WatchCount);
        if (count >= 100_000)
            Assert.InRange(Bytes(), 0, bytes + Slack);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100, Explicit = true)]
    public async Task Idle_hours_add_no_memory(int hours)
    {
        await Create(50, 0);
        await Pass(TimeSpan.FromHours(1));
        var (entries, bytes) = (HeldEntries.Of(manager), Bytes());

        await Pass(TimeSpan.FromHours(hours));

        Assert.Equal(entries, HeldEntries.Of(manager));
        if (hours >= 100)
            Assert.InRange(Bytes(), 0, bytes + Slack);
    }

    // In a Namespace of their own. Half of them are children of Compositions, each edited once; a tenth follow an object, and a tenth belong to a foreign
    // handler.
    private async Task Live(int count, int from = 0)
    {
        await Create(count, from);
        var home = new ObjectKey(null, Namespace(from));
        foreach (var composition in (await store.List(ResourceType.Composition, null, Cancellation)).Items)
        {
            composition["spec"]!["components"]![0]!["config"]!["edited"] = true;
            await Retry(async () =>
            {
                var now = (await store.Get(ResourceType.Composition, ObjectKey.Of(composition), Cancellation))!;
                now["spec"] = composition["spec"]!.DeepClone();
                await store.Replace(now, Cancellation);
            });
        }

        await Pass(TimeSpan.FromSeconds(3));
        foreach (var type in new[] { ResourceType.Composition, ResourceType.Component })
        {
            foreach (var resource in (await store.List(type, null, Cancellation)).Items.Where(r => r["metadata"]!["ownerReferences"] is null))
                await store.Delete(type, ObjectKey.Of(resource), new(), Cancellation);
        }

        await Pass(TimeSpan.FromSeconds(3));
        await store.Delete(ResourceType.Namespace, home, new(), Cancellation);
        Assert.Empty((await store.List(ResourceType.Component, null, Cancellation)).Items);
    }

    private async Task Create(int count, int from)
    {
        await store.Create(
            new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Namespace(from) } }, Cancellation);
        for (var i = from; i < from + count; i++)
        {
            var config = new JsonObject { ["follow"] = i % 10 == 0 ? $"map-{i}" : null, ["text"] = new string('x', 1000) };
            var handler = i % 10 == 5 ? "elsewhere" : "follows";
            if (i % 2 == 0)
                await Put("Component", Namespace(from), $"c-{i}", new() { ["handler"] = handler, ["config"] = config });
            else
            {
                await Put("Composition", Namespace(from), $"s-{i}", new()
                {
                    ["components"] = new JsonArray(new JsonObject { ["name"] = "only", ["type"] = handler, ["config"] = config }),
                });
            }
        }

        await Pass(TimeSpan.FromSeconds(3));
    }

    private static string Namespace(int from) => $"ns-{from}";

    private Task<JsonObject> Put(string kind, string home, string name, JsonObject spec) => store.Create(
        new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = home },
            ["spec"] = spec,
        },
        Cancellation);

    private async Task Pass(TimeSpan by)
    {
        var step = by > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(1);
        for (var passed = TimeSpan.Zero; passed < by; passed += step)
        {
            await manager.WhenQuiet(store.ResourceVersion, Cancellation);
            time.Advance(step);
        }

        await manager.WhenQuiet(store.ResourceVersion, Cancellation);
    }

    private static async Task Retry(Func<Task> write)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // A controller wrote in between: try again.
            }
        }
    }

    private static long Bytes() => GC.GetTotalMemory(forceFullCollection: true);

    private sealed class NoEvents : IEventSink
    {
        public void Record(Component component, HandlerEvent happened)
        {
        }
    }

    // Rechecks every ten minutes, and follows a ConfigMap if its config names one.
    private sealed class FollowingHandler : IComponentHandler
    {
        public string Name => "follows";

        public ConfigSchema Schema => ConfigSchema.Unknown;

        public IReadOnlyList<Problem> Validate(JsonObject config) => [];

        public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation) => Task.FromResult<HandlerAnswer>(
            new HandlerAnswer.Done(TimeSpan.FromMinutes(10))
            {
                ProviderStatus = new() { ["is"] = "made" },
                Watches = (string?)request.Config["follow"] is { } name
                    ? [new(ResourceType.ConfigMap, new(request.Component.Metadata.Namespace, name), "0")] : [],
            });

        public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) =>
            Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
    }
}
