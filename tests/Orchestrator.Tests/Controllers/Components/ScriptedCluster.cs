using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Controllers.Components;

/// <summary>Both controllers on the in-memory store, with handlers that the test scripts and a clock that only the test advances.</summary>
internal sealed class ScriptedCluster : IAsyncDisposable, IEventSink
{
    private readonly IReadOnlyList<ScriptedHandler> handlers;
    private readonly ConcurrentQueue<string> events = new();
    private readonly ConcurrentQueue<string> writes = new();
    private ControllerManager manager;
    private CancellationTokenSource stop;
    private Task running;
    private int uids;

    public ScriptedCluster(params IReadOnlyList<ScriptedHandler> handlers)
    {
        this.handlers = handlers;
        Store = new(Time, (_, _) => $"00000000-0000-0000-0000-{Interlocked.Increment(ref uids):D12}");
        Hooks = new(Store)
        {
            After = (call, name) =>
            {
                if (call is not ("Get" or "List"))
                    writes.Enqueue($"{call} {name}");
                return Task.CompletedTask;
            },
        };
        (manager, stop, running) = Start();
    }

    public FakeTimeProvider Time { get; } = new LimitedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InMemoryResourceStore Store { get; }

    /// <summary>The store as the controllers see it.</summary>
    public HookedStore Hooks { get; }

    /// <summary>The controllers' writes so far, as <c>ReplaceStatus name</c>.</summary>
    public IReadOnlyList<string> Writes => [.. writes];

    /// <summary>How many watches run for handlers.</summary>
    public int WatchCount => manager.WatchCount;

    public IReadOnlyList<string> Events => [.. events];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Record(Component component, HandlerEvent happened) => events.Enqueue($"{component.Metadata.Name}: {happened.Reason}");

    /// <summary>Creates a Component in the namespace default, or gives it a new spec; the spec is JSON.</summary>
    public Task PutComponent(string name, string spec) => Put("Component", name, spec);

    /// <summary>Creates a Composition in the namespace default, or gives it new entries; the entries are JSON.</summary>
    public Task PutComposition(string name, params IEnumerable<string> entries) =>
        Put("Composition", name, $$"""{"components":[{{string.Join(',', entries)}}]}""");

    /// <summary>Changes a resource as kubectl edit would.</summary>
    public async Task Edit(ResourceType type, string name, Action<JsonObject> change)
    {
        var resource = await Store.Get(type, new("default", name), Cancellation) ?? throw new InvalidOperationException($"there is no {type} {name}");
        change(resource);
        await Store.Replace(resource, Cancellation);
    }

    public Task EditComponent(string name, Action<JsonObject> change) => Edit(ResourceType.Component, name, change);

    public async Task EditStatus(string name, Action<JsonObject> change)
    {
        var resource = await Store.Get(ResourceType.Component, new("default", name), Cancellation) ?? throw new InvalidOperationException(name);
        change(resource);
        await Store.ReplaceStatus(resource, Cancellation);
    }

    public Task Annotate(string name, string key, string value, ResourceType? type = null) => Edit(type ?? ResourceType.Component, name, resource =>
    {
        var annotations = resource["metadata"]!["annotations"] as JsonObject;
        if (annotations is null)
            resource["metadata"]!["annotations"] = annotations = [];
        annotations[key] = value;
    });

    public Task Delete(string name, ResourceType? type = null, DeletePropagation propagation = DeletePropagation.Background) =>
        Store.Delete(type ?? ResourceType.Component, new("default", name), new(null, propagation), Cancellation);

    public Task WhenQuiet() => manager.WhenQuiet(Store.ResourceVersion, Cancellation);

    /// <summary>Waits until what the test wrote is in the queues of the controllers, which may be busy.</summary>
    public Task WhenSeen() => manager.WhenSeen(Store.ResourceVersion, Cancellation);

    /// <summary>Advances the clock in steps; all work is done before and after each step.</summary>
    public async Task Advance(TimeSpan by, TimeSpan? step = null)
    {
        await WhenQuiet();
        for (var moved = TimeSpan.Zero; moved < by; moved += step ?? by)
        {
            Time.Advance(step ?? by);
            await WhenQuiet();
        }
    }

    /// <summary>Waits until all work is done, including Composition statuses, which are written a second later.</summary>
    public Task RunUntilQuiet() => Advance(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));

    public async Task Restart()
    {
        await End();
        (manager, stop, running) = Start();
    }

    public async Task<Component?> Find(string name) =>
        await new ResourceClient<Component>(Store, ResourceType.Component, ApiJson.Default.Component).Get(new("default", name), Cancellation);

    public async Task<Component> Component(string name) => await Find(name) ?? throw new InvalidOperationException($"there is no Component {name}");

    public async Task<Composition?> FindComposition(string name) =>
        await new ResourceClient<Composition>(Store, ResourceType.Composition, ApiJson.Default.Composition).Get(new("default", name), Cancellation);

    public async Task<Composition> Composition(string name) =>
        await FindComposition(name) ?? throw new InvalidOperationException($"there is no Composition {name}");

    /// <summary>The names of all Components, sorted.</summary>
    public async Task<string> Names() =>
        string.Join(' ', (await Store.List(ResourceType.Component, null, Cancellation)).Items.Select(i => ObjectKey.Of(i).Name));

    /// <summary>Every resourceVersion, to prove that nothing was written.</summary>
    public async Task<string> Versions()
    {
        var components = await Store.List(ResourceType.Component, null, Cancellation);
        var compositions = await Store.List(ResourceType.Composition, null, Cancellation);
        return string.Join(' ', components.Items.Concat(compositions.Items).Select(i => $"{ObjectKey.Of(i).Name}@{i["metadata"]!["resourceVersion"]}"));
    }

    public async ValueTask DisposeAsync() => await End();

    private async Task Put(string kind, string name, string spec)
    {
        var type = ResourceType.Of(ApiGroup.ApiVersion, kind);
        if (await Store.Get(type, new("default", name), Cancellation) is not null)
        {
            await Edit(type, name, resource => resource["spec"] = JsonNode.Parse(spec));
            return;
        }

        await Store.Create(
            new()
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
                ["spec"] = JsonNode.Parse(spec),
            },
            Cancellation);
    }

    private (ControllerManager Manager, CancellationTokenSource Stop, Task Running) Start()
    {
        // Trimmed as in the operator.
        var registry = new HandlerRegistry(handlers);
        var informers = new ClusterInformers(Hooks, Time, new TestLog(), runsHere: registry.Has);
        var started = new ControllerManager(Hooks, informers, registry, new(Time, () => 0, this), new TestLog());
        var stopping = new CancellationTokenSource();
        return (started, stopping, started.Run(stopping.Token, stopping.Token));
    }

    private async Task End()
    {
        await stop.CancelAsync();
        await running;
        await manager.DisposeAsync();
        stop.Dispose();
    }
}
