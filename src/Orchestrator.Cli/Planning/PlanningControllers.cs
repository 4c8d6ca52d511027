using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>How things would be after an apply.</summary>
/// <param name="Compositions">The Compositions.</param>
/// <param name="Components">The Components.</param>
/// <param name="Failures">What went wrong inside the controllers and was not over in time; empty where all was worked out.</param>
internal sealed record PlannedState(IReadOnlyList<Composition> Compositions, IReadOnlyList<Component> Components, IReadOnlyList<string> Failures);

/// <summary>Both controllers at work in a <see cref="PlannedWorld"/>, until they have nothing more to do.</summary>
internal static class PlanningControllers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs them to that point.</summary>
    public static async Task<PlannedState> Run(
        InMemoryResourceStore store, Func<Func<IEnumerable<Component>>, Func<IEnumerable<Composition>>, HandlerRegistry> handlers, TimeProvider time,
        CancellationToken cancellation)
    {
        var failures = new FailureLog();
        var cache = new Informer<Component>(store, new(store, ResourceType.Component, ApiJson.Default.Component), time, failures);
        var compositions = new Informer<Composition>(store, new(store, ResourceType.Composition, ApiJson.Default.Composition), time, failures);
        await using var manager = new ControllerManager(
            store, cache, handlers(cache.All, compositions.All), new(time, () => 0, new NoEvents()), failures, compositions: compositions);
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        manager.Components.Subscribe(_ => changed.Writer.TryWrite(true));
        manager.Compositions.Subscribe(_ => changed.Writer.TryWrite(true));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var over = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
        var running = manager.Run(stop.Token, stop.Token);
        var isDone = false;
        try
        {
            while (!isDone)
            {
                await manager.WhenQuiet(store.ResourceVersion, either.Token);
                isDone = manager.Compositions.All().All(c => !IsWanting(c, manager.Components.All()));
                // Two wrote at once, and the later one tries again by and by.
                if (!isDone)
                    await changed.Reader.ReadAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Told by its failures.
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }

        return new(manager.Compositions.All(), manager.Components.All(), isDone ? [] : ["the plan could not be worked out to its end", .. failures.Lines]);
    }

    // Whether there is something left to do for a Composition's children.
    private static bool IsWanting(Composition composition, IReadOnlyList<Component> components)
    {
        if (composition.Metadata.Annotation(ApiGroup.PausedAnnotation) == "true")
            return false;
        var plan = Decide(composition, components);
        return plan.Create.Count + plan.Update.Count + plan.Delete.Count + plan.Release.Count > 0;
    }

    /// <summary>What a Composition would need next.</summary>
    public static CompositionPlan Decide(Composition composition, IReadOnlyList<Component> components)
    {
        var inNamespace = components.Where(c => c.Metadata.Namespace == composition.Metadata.Namespace)
            .ToLookup(c => c.Metadata.Controller()?.Uid == composition.Metadata.Uid);
        return CompositionDecision.Decide(new()
        {
            Composition = composition,
            Graph = DesiredGraph.Of(composition, StandardHandlers.SchemaOf),
            Children = inNamespace[true].ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal),
            NamesInUse = inNamespace[false].Where(c => !c.Metadata.IsTerminating).Select(c => c.Metadata.Name).ToHashSet(StringComparer.Ordinal),
            NamesBeingFreed = inNamespace[false].Where(c => c.Metadata.IsTerminating).Select(c => c.Metadata.Name).ToHashSet(StringComparer.Ordinal),
            RunsHere = _ => true,
            SchemaOf = StandardHandlers.SchemaOf,
            // No time passes in a plan, and no timeout is over.
            Now = DateTimeOffset.UnixEpoch,
            Since = _ => DateTimeOffset.UnixEpoch,
        });
    }

    private sealed class NoEvents : IEventSink
    {
        public void Record(Component component, HandlerEvent happened)
        {
            // What would happen is noted by the handlers.
        }
    }
}
