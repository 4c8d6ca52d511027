namespace DeploymentOrchestrator.Policies;

/// <summary>The context in which patterns and values of policies are read.</summary>
/// <param name="Namespace">The namespace, which replaces <c>{namespace}</c>.</param>
/// <param name="Cluster">The cluster's id, which replaces <c>{cluster}</c>; null if unknown: then any text matches.</param>
/// <param name="Region">The program's own region, the default of a config; null if it has none.</param>
/// <param name="IsPartial">Whether the context is incomplete, as for files only: what cannot be decided is not denied.</param>
internal sealed record PolicyScope(string Namespace, string? Cluster, string? Region, bool IsPartial = false);
