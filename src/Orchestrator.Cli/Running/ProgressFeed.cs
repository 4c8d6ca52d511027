using System.Collections.Concurrent;
using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>Shows every change and every event in a view, in the order in which they come; without a view, nothing.</summary>
internal sealed class ProgressFeed(HandlerRegistry handlers, IProgressView? view) : IEventSink
{
    // The pending output: changes of the state below, and calls of the view.
    private readonly Channel<Func<Task>> updates = Channel.CreateUnbounded<Func<Task>>();
    private readonly ConcurrentDictionary<ObjectKey, string> lastEvents = new();
    private readonly Dictionary<ObjectKey, Component> components = [];
    private readonly Dictionary<ObjectKey, Composition> compositions = [];
    private bool isShown = true;

    /// <summary>Shows every change that the informers see.</summary>
    public void Follow(ClusterInformers informers)
    {
        informers.Components.Subscribe(change => Apply(components, change));
        informers.Compositions.Subscribe(change => Apply(compositions, change));
    }

    /// <summary>The last event of a Component, in a sentence; empty if there is none.</summary>
    public string LastEvent(ObjectKey component) => lastEvents.GetValueOrDefault(component, "");

    /// <summary>Shows that nothing can be done but wait.</summary>
    public Task ShowWaiting() => Post(() => view?.Waiting(Shown()));

    /// <summary>Shows the final state, after everything that happened before.</summary>
    public Task ShowEnd() => Post(() => view?.Ended(Shown()) ?? Task.CompletedTask);

    /// <summary>Shows a line that is not a state.</summary>
    public Task Note(string line) => Post(() => view?.Note(line));

    /// <summary>Shows an event.</summary>
    public void Record(Component component, HandlerEvent happened)
    {
        var key = ObjectKey.Of(component.Metadata);
        lastEvents[key] = happened.Message;
        _ = Post(() =>
        {
            var name = Rows().FirstOrDefault(row => !row.IsComposition && row.Key == key)?.Name ?? key.Name;
            view?.Note($"{name} {happened.Reason} {happened.Message}");
        });
    }

    /// <summary>Shows what comes, until <see cref="Complete"/>.</summary>
    public async Task Run()
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

    /// <summary>Nothing comes any more.</summary>
    public void Complete() => updates.Writer.TryComplete();

    private IReadOnlyList<StatusRow> Rows() => StatusRow.Of([.. compositions.Values], [.. components.Values], handlers.Has);

    private IReadOnlyList<StatusRow> Shown()
    {
        isShown = true;
        return Rows();
    }

    private void Apply<T>(Dictionary<ObjectKey, T> state, ResourceChange<T> change)
        where T : class =>
        updates.Writer.TryWrite(() =>
        {
            isShown = false;
            if (change.After is { } after)
                state[change.Key] = after;
            else
                state.Remove(change.Key);
            return Task.CompletedTask;
        });

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
        return done.Task;
    }
}
