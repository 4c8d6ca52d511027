using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The end of a run of the controllers, with what they logged as failed.</summary>
internal sealed record RunEnd(
    bool IsInTime, IReadOnlyList<StatusRow> Rows, IReadOnlyList<Composition> Compositions, IReadOnlyList<Component> Components, IReadOnlyList<string> Failures);
