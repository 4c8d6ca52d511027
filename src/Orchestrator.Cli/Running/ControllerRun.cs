using System.Collections.Concurrent;
using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Creates handlers, given the Components and the Compositions.</summary>
internal delegate HandlerRegistry MakeHandlers(Func<IEnumerable<Component>> components, Func<IEnumerable<Composition>> compositions);

/// <summary>Runs the controllers on a store in memory, and shows every change in order in a view.</summary>
internal sealed class ControllerRun : IEventSink, IAsyncDisposable
{
    private readonly InMemoryResourceStore store;
    private readonly IProgressView? view;
    private readonly ControllerManager manager;
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Task showing = Task.CompletedTask;

    // The pending output: changes of the state below, and calls of the view.
    private readonly Channel<Func<Task>> updates = Channel.CreateUnbounded<Func<Task>>();
    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<ObjectKey, string> lastEvents = new();
    private readonly Dictionary<ObjectKey, Component> components = [];
    private readonly Dictionary<ObjectKey, Composition> compositions = [];
    private bool isShown = true;

    /// <summary>Creates the controllers; <see cref="Start"/> starts them. Without a view nothing is shown.</summary>
    public ControllerRun(InMemoryResourceStore store, TimeProvider time, MakeHandlers handlers, IProgressView? view)
    {
        (this.store, this.view) = (store, view);
        var cache = new Informer<Component>(store, new(store, ResourceType.Component, ApiJson.Default.Component), time, Failures);
        var compositionCache = new Informer<Composition>(store, new(store, ResourceType.Composition, ApiJson.Default.Composition), time, Failures);
        Handlers = handlers(cache.All, compositionCache.All);
        manager = new(store, cache, Handlers, new(time, Random.Shared.NextDouble, this), Failures, compositions: compositionCache);
    }

    /// <summary>Starts: the view follows the resources, and the controllers work on them.</summary>
    public ControllerRun Start()
    {
        manager.Components.Subscribe(change => Follow(components, change));
        manager.Compositions.Subscribe(change => Follow(compositions, change));
        running = manager.Run(stop.Token, stop.Token);
        showing = ShowAll();
        return this;
    }

    /// <summary>The running handlers, which also validate the files before the start.</summary>
    public HandlerRegistry Handlers { get; }

    public RecentFailures Failures { get; } = new();

    public IReadOnlyList<Component> Components => manager.Components.All();

    public IReadOnlyList<Composition> Compositions => manager.Compositions.All();

    public IReadOnlyList<StatusRow> Rows() => StatusRow.Of(Compositions, Components, RunsHere);

    /// <summary>The last event of a Component, in a sentence; empty if there is none.</summary>
    public string LastEvent(ObjectKey component) => lastEvents.GetValueOrDefault(component, "");

    /// <summary>Completes when nothing changes any more without an edit.</summary>
    public async Task<RolloutStatus> WhenComplete(CancellationToken cancellation)
    {
        while (true)
        {
            await WhenQuiet(cancellation);
            var rollout = RolloutStatus.Of(Compositions, Components);
            if (rollout.IsComplete)
                return rollout;
            await Post(() => view?.Waiting(Shown()));
            await WhenChanged(cancellation);
        }
    }

    /// <summary>Completes when the controllers are idle.</summary>
    public Task WhenQuiet(CancellationToken cancellation) => OrFailed(manager.WhenQuiet(store.ResourceVersion, cancellation));

    /// <summary>Completes at the next change, or at once if there was one since the last call.</summary>
    public Task WhenChanged(CancellationToken cancellation) => OrFailed(changed.Reader.ReadAsync(cancellation).AsTask());

    /// <summary>Shows the final state, after everything that happened before.</summary>
    public Task ShowEnd() => Post(() => view?.Ended(Shown()) ?? Task.CompletedTask);

    /// <summary>Shows a line that is not a state.</summary>
    public Task Note(string line) => Post(() => view?.Note(line));

    public void Record(Component component, HandlerEvent happened)
    {
        var key = ObjectKey.Of(component.Metadata);
        lastEvents[key] = happened.Message;
        _ = Post(() => view?.Note(
            $"{ShownRows().FirstOrDefault(row => !row.IsComposition && row.Key == key)?.Name ?? key.Name} {happened.Reason} {happened.Message}"));
    }

    /// <summary>Stops the controllers where they are, and ends when all that happened was shown.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await manager.DisposeAsync();
        updates.Writer.TryComplete();
        await showing;
        stop.Dispose();
    }

    private bool RunsHere(string handler) => Handlers.Find(handler) is not null;

    private IReadOnlyList<StatusRow> ShownRows() => StatusRow.Of([.. compositions.Values], [.. components.Values], RunsHere);

    private void Follow<T>(Dictionary<ObjectKey, T> state, ResourceChange<T> change)
        where T : class
    {
        updates.Writer.TryWrite(() =>
        {
            isShown = false;
            if (change.After is { } after)
                state[change.Key] = after;
            else
                state.Remove(change.Key);
            return Task.CompletedTask;
        });
        changed.Writer.TryWrite(true);
    }

    private IReadOnlyList<StatusRow> Shown()
    {
        isShown = true;
        return ShownRows();
    }

    private Task Post(Action action) => Post(() =>
    {
        action();
        return Task.CompletedTask;
    });

    private Task Post(Func<Task> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        updates.Writer.TryWrite(async () =>
        {
            await action();
            done.SetResult();
        });
        return OrFailed(done.Task);
    }

    // The controllers and the view run until they are stopped. If one failed, a waiting caller would wait forever.
    private async Task OrFailed(Task waited) => await await Task.WhenAny(waited, running, showing);

    private async Task ShowAll()
    {
        await Task.Yield();
        await foreach (var update in updates.Reader.ReadAllAsync())
        {
            await update();
            if (view is null || isShown || (view.IsRedrawn && updates.Reader.TryPeek(out _)))
                continue;
            view.Changed(Shown());
        }
    }
}
