namespace DeploymentOrchestrator.Resources;

/// <summary>The rights that a caller lacks.</summary>
/// <param name="Resource">The resource as a role names it, with its group: <c>configmaps</c>, <c>externalsecrets.external-secrets.io</c>.</param>
/// <param name="Verbs">The missing verbs; empty if there are none.</param>
internal sealed record MissingRights(string Resource, IReadOnlyList<string> Verbs);
