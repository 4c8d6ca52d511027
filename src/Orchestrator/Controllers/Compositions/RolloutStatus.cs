using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>The progress of Compositions and Components while the controllers are idle. Pure.</summary>
/// <param name="IsComplete">Whether nothing more changes without an edit, except by retries of what a user has to fix.</param>
/// <param name="IsReady">Whether everything is Ready.</param>
internal sealed record RolloutStatus(bool IsComplete, bool IsReady)
{
    public static RolloutStatus Of(IReadOnlyList<Composition> compositions, IReadOnlyList<Component> components)
    {
        var byKey = components.ToDictionary(c => (c.Metadata.Namespace, c.Metadata.Name));
        var isMoving = components.Any(IsMoving) || compositions.Any(c => IsMoving(c, name => byKey.GetValueOrDefault((c.Metadata.Namespace, name))));
        return new(!isMoving, components.All(c => c.IsReady() && !c.Metadata.IsTerminating) && compositions.All(IsReadyNow));
    }

    private static bool IsReadyNow(Composition composition) =>
        composition.Status?.Phase == Phase.Ready && composition.Status.ObservedGeneration == composition.Metadata.Generation
            && !composition.Metadata.IsTerminating;

    private static bool IsMoving(Component component) =>
        component.Status?.Phase is Phase.Claimed or Phase.Deploying or Phase.Terminating
        || (component.Metadata.IsTerminating && component.Status?.Phase != Phase.TerminationFailed);

    // A Composition's status is written at most once a second, so it may be out of date.
    private static bool IsMoving(Composition composition, Func<string, Component?> child)
    {
        if (composition.Metadata.IsTerminating)
            return composition.Status?.Phase != Phase.TerminationFailed;
        if (composition.Status is not { } status || status.ObservedGeneration != composition.Metadata.Generation)
            return true;
        return status.Conditions?.Any(c => c is { Type: CompositionStatusRules.Progressing, Status: Condition.True }) == true
            || status.Components?.Any(row => child(row.Component) is { } there && IsLate(row, there)) == true;
    }

    // The row of a child without a status explains why, unless it was written before the child existed.
    private static bool IsLate(CompositionRow row, Component child) =>
        child.Status?.Phase is { } phase ? phase != row.Phase : row.Message is null && !child.Metadata.IsPaused;
}
