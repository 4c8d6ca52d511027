namespace DeploymentOrchestrator.Policies;

/// <summary>For whom patterns and values of policies are read.</summary>
/// <param name="Namespace">The namespace, which replaces <c>{namespace}</c>.</param>
/// <param name="Cluster">The cluster's id, which replaces <c>{cluster}</c>; null where it is not known: then any text may stand there.</param>
/// <param name="Region">The region of whoever pushes where a config names none; null where it has none.</param>
/// <param name="IsPartial">Whether not all of it is known, as for files alone: what cannot be told is not denied.</param>
internal sealed record PolicyScope(string Namespace, string? Cluster, string? Region, bool IsPartial = false);
