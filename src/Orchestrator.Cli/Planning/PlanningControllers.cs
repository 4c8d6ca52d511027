using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>How things would be after an apply, and what went wrong inside the controllers and was not over in time.</summary>
internal sealed record PlannedState(IReadOnlyList<Composition> Compositions, IReadOnlyList<Component> Components, IReadOnlyList<string> Failures);

/// <summary>Both controllers at work in a <see cref="PlannedWorld"/>, until they have nothing more to do.</summary>
internal static class PlanningControllers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<PlannedState> Run(InMemoryResourceStore store, MakeHandlers handlers, TimeProvider time, CancellationToken cancellation)
    {
        await using var run = new ControllerRun(store, time, handlers, view: null).Start();
        var isDone = await TimeLimit.Within(Patience, time, async token =>
        {
            await run.WhenQuiet(token);
            // Two wrote at once, and the later one tries again by and by.
            while (run.Compositions.Any(c => IsWanting(c, run.Components)))
            {
                await run.WhenChanged(token);
                await run.WhenQuiet(token);
            }
        }, cancellation);
        return new(run.Compositions, run.Components, isDone ? [] : ["the plan could not be worked out to its end", .. run.Failures.Lines]);
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
        var others = inNamespace[false].ToLookup(c => c.Metadata.IsTerminating, c => c.Metadata.Name);
        return CompositionDecision.Decide(new()
        {
            Composition = composition,
            Graph = DesiredGraph.Of(composition, StandardHandlers.SchemaOf),
            Children = inNamespace[true].ToDictionary(c => c.Metadata.Name, StringComparer.Ordinal),
            NamesInUse = others[false].ToHashSet(StringComparer.Ordinal),
            NamesBeingFreed = others[true].ToHashSet(StringComparer.Ordinal),
            RunsHere = _ => true,
            SchemaOf = StandardHandlers.SchemaOf,
            // No time passes in a plan, and no timeout is over.
            Now = DateTimeOffset.UnixEpoch,
            Since = _ => DateTimeOffset.UnixEpoch,
        });
    }
}
