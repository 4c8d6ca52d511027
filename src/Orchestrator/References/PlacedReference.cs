namespace DeploymentOrchestrator.References;

/// <summary>A reference and the path of the string or object that holds it.</summary>
/// <param name="Path">The path in the config.</param>
/// <param name="Reference">The reference.</param>
internal sealed record PlacedReference(string Path, Reference Reference);
