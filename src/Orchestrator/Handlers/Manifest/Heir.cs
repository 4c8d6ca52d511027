namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Who is to have an object that a Component no longer wants.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="IsCertain">Whether it lists the object; otherwise it may, once its references are resolved.</param>
internal sealed record Heir(string Name, bool IsCertain);
