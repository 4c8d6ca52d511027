namespace DeploymentOrchestrator.Resources;

/// <summary>What a caller may not do.</summary>
/// <param name="Resource">The resource as a role names it, with its group: <c>configmaps</c>, <c>externalsecrets.external-secrets.io</c>.</param>
/// <param name="Verbs">The verbs that are missing; empty where none is.</param>
internal sealed record MissingRights(string Resource, IReadOnlyList<string> Verbs);
