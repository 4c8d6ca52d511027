namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The Component, or the entry of a Composition, that takes over an object that another Component no longer wants.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="IsCertain">Whether it lists the object; otherwise it may, once its references are resolved.</param>
internal sealed record Heir(string Name, bool IsCertain);
