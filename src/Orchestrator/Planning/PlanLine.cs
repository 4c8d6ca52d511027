using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>One thing that would be done to a target of a resource, or be left, with the reason. The handler is null for what is no Component.</summary>
internal sealed record PlanLine(ObjectKey Object, string? Handler, string Action, string Target, string Reason)
{
    /// <summary>What of the target changes, one line each: <c>+</c> added, <c>~</c> changed, <c>-</c> taken away.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The outputs of the Component, on its last line.</summary>
    public IReadOnlyList<PlannedOutput> Outputs { get; init; } = [];
}
