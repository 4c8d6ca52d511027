using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers.Compositions;
using DeploymentOrchestrator.Graph;

namespace DeploymentOrchestrator.Planning;

/// <summary>The controller's next step for a Composition if every handler runs. No time passes, so no timeout expires. Pure.</summary>
internal static class NextStep
{
    /// <summary>The controller's decision.</summary>
    public static CompositionChanges Of(Composition composition, IReadOnlyList<Component> components)
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
            Now = DateTimeOffset.UnixEpoch,
            Since = _ => DateTimeOffset.UnixEpoch,
        });
    }

    /// <summary>Whether a Composition's children still need changes.</summary>
    public static bool IsLeft(Composition composition, IReadOnlyList<Component> components) =>
        !composition.Metadata.IsPaused
        && Of(composition, components) is var changes && changes.Create.Count + changes.Update.Count + changes.Delete.Count + changes.Release.Count > 0;
}
