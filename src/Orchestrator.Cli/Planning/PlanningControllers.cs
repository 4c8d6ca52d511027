using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Running;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Resources.InMemory;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>Both controllers at work in a <see cref="PlannedWorld"/>, until they have nothing more to do.</summary>
internal static class PlanningControllers
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>How things would be after an apply. The failures are those that were not over in time.</summary>
    public static async Task<RunEnd> Run(InMemoryResourceStore store, MakeHandlers handlers, TimeProvider time, CancellationToken cancellation)
    {
        var run = new ControllerRun(store, time, handlers, view: null);
        var end = await RunEnd.Of(run, Timeout, time, async token =>
        {
            await run.WhenQuiet(token);
            // Two wrote at once, and the later one tries again by and by.
            while (run.Compositions.Any(c => IsWanting(c, run.Components)))
            {
                await run.WhenChanged(token);
                await run.WhenQuiet(token);
            }
        }, cancellation);
        return end with { Failures = end.IsInTime ? [] : ["the plan could not be worked out to its end", .. end.Failures] };
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
