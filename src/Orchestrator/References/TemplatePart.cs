namespace DeploymentOrchestrator.References;

/// <summary>A piece of a <see cref="Template"/>.</summary>
/// <param name="Text">The text as written.</param>
/// <param name="Reference">The reference; null for literal text.</param>
internal sealed record TemplatePart(string Text, Reference? Reference);
