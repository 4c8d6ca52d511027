namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One output of a config.</summary>
/// <param name="Field">The field that it reads.</param>
/// <param name="Object">The object of the list that has the field.</param>
internal sealed record ManifestOutput(FieldOutput Field, ManifestObject Object);
