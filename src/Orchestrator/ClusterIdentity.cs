namespace DeploymentOrchestrator;

/// <summary>Who the cluster is to AWS, and how much of it this process sees.</summary>
/// <param name="Id">The cluster's id.</param>
/// <param name="FormerIds">Its ids from before it was rebuilt: their secrets belong to it.</param>
/// <param name="SeesAll">Whether this process sees every owner; otherwise none is known to be gone.</param>
internal sealed record ClusterIdentity(string Id, IReadOnlyList<string> FormerIds, bool SeesAll);
