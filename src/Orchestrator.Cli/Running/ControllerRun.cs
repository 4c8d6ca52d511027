using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Controllers.Components;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Runs the controllers on a store in memory, and waits for what they do.</summary>
internal sealed class ControllerRun : IAsyncDisposable
{
    private readonly InMemoryResourceStore store;
    private readonly ClusterInformers informers;
    private readonly HandlerRegistry handlers;
    private readonly RecentFailures failures;
    private readonly TimeProvider time;
    private readonly ProgressFeed progress;
    private readonly ControllerManager manager;
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task running = Task.CompletedTask;
    private Task showing = Task.CompletedTask;

    /// <summary>Creates the controllers; <see cref="Start"/> starts them. Without a view nothing is shown.</summary>
    public ControllerRun(
        InMemoryResourceStore store, ClusterInformers informers, HandlerRegistry handlers, RecentFailures failures, TimeProvider time, IProgressView? view)
    {
        (this.store, this.informers, this.handlers, this.failures, this.time) = (store, informers, handlers, failures, time);
        progress = new(handlers, view);
        manager = new(store, informers, handlers, new ControllerContext(time, Random.Shared.NextDouble, progress), failures);
    }

    /// <summary>Starts: the view follows the resources, and the controllers work on them until the run is disposed of.</summary>
    public ControllerRun Start()
    {
        progress.Follow(informers);
        informers.Components.Subscribe(_ => changed.Writer.TryWrite(true));
        informers.Compositions.Subscribe(_ => changed.Writer.TryWrite(true));
        running = manager.Run(stop.Token, stop.Token);
        showing = progress.Run();
        return this;
    }

    /// <summary>Starts, works until the work is done or the time is over, shows the final state, and stops.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RunEnd> Within(TimeSpan limit, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        await using var started = Start();
        using var over = new CancellationTokenSource();
        using var timer = LongTimer.Cancel(over, time, limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        var isInTime = true;
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            isInTime = false;
        }

        await ShowEnd();
        return new(isInTime, Rows(), Compositions, Components, failures.Lines);
    }

    public IReadOnlyList<Component> Components => informers.Components.All();

    public IReadOnlyList<Composition> Compositions => informers.Compositions.All();

    public IReadOnlyList<StatusRow> Rows() => StatusRow.Of(Compositions, Components, handlers.Has);

    /// <summary>The last event of a Component, in a sentence; empty if there is none.</summary>
    public string LastEvent(ObjectKey component) => progress.LastEvent(component);

    /// <summary>Completes when nothing changes any more without an edit.</summary>
    public async Task<RolloutStatus> WhenComplete(CancellationToken cancellation)
    {
        while (true)
        {
            await WhenQuiet(cancellation);
            var rollout = RolloutStatus.Of(Compositions, Components);
            if (rollout.IsComplete)
                return rollout;
            await OrFailed(progress.ShowWaiting());
            await WhenChanged(cancellation);
        }
    }

    /// <summary>Completes when the controllers are idle.</summary>
    public Task WhenQuiet(CancellationToken cancellation) => OrFailed(manager.WhenQuiet(store.ResourceVersion, cancellation));

    /// <summary>Completes at the next change, or at once if there was one since the last call.</summary>
    public Task WhenChanged(CancellationToken cancellation) => OrFailed(changed.Reader.ReadAsync(cancellation).AsTask());

    /// <summary>Shows the final state, after everything that happened before.</summary>
    public Task ShowEnd() => OrFailed(progress.ShowEnd());

    /// <summary>Shows a line that is not a state.</summary>
    public Task Note(string line) => OrFailed(progress.Note(line));

    /// <summary>Stops the controllers where they are, and ends when all that happened was shown.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await manager.DisposeAsync();
        progress.Complete();
        await showing;
        stop.Dispose();
    }

    // The controllers and the view run until they are stopped. If one failed, a waiting caller would wait forever.
    private async Task OrFailed(Task waited) => await await Task.WhenAny(waited, running, showing);
}
