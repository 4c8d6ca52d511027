namespace DeploymentOrchestrator.Resources;

/// <summary>How to apply.</summary>
/// <param name="FieldManager">The field manager; at most 128 characters.</param>
/// <param name="Force">Takes conflicting fields from their managers.</param>
/// <param name="DryRun">Whether to answer only, and write nothing.</param>
internal sealed record ApplyOptions(string FieldManager, bool Force = false, bool DryRun = false);
