namespace DeploymentOrchestrator.Resources;

/// <summary>How to apply.</summary>
/// <param name="FieldManager">Who owns the fields; at most 128 characters.</param>
/// <param name="Force">Takes conflicting fields from their managers.</param>
/// <param name="DryRun">Answers as it otherwise would, and writes nothing.</param>
internal sealed record ApplyOptions(string FieldManager, bool Force = false, bool DryRun = false);
