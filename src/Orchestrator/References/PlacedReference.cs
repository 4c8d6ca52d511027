namespace DeploymentOrchestrator.References;

/// <summary>A reference and the path of the string or object that holds it.</summary>
/// <param name="Path">The path in the config.</param>
/// <param name="Reference">What is referred to.</param>
internal sealed record PlacedReference(string Path, Reference Reference);
