using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>One action on a target of a resource, with the reason. The handler is null if the resource is not a Component.</summary>
internal sealed record PlanLine(ObjectKey Object, string? Handler, string Action, string Target, string Reason)
{
    /// <summary>The changes of the target, one line each: <c>+</c> added, <c>~</c> changed, <c>-</c> removed.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The outputs of the Component, on its last line.</summary>
    public IReadOnlyList<PlannedOutput> Outputs { get; init; } = [];
}
