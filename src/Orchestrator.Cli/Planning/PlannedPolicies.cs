using System.Text.Json.Nodes;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>The SecretPolicies that a plan is made under: those of the files, over those of the cluster.</summary>
internal static class PlannedPolicies
{
    /// <summary>Reads them; null where there are no walls: no cluster whose operator enforces them, and none in the files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="cluster">The cluster; null where none is asked.</param>
    /// <param name="clusterId">The cluster's id; null where it may be any.</param>
    /// <param name="isRequired">Whether the operator runs with <c>--require-policy</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The policies, and why those of the cluster are not among them; null where they are.</returns>
    public static async Task<(PolicyCheck? Policies, string? Problem)> Read(
        IReadOnlyList<ManifestResource> files, IResourceStore? cluster, string? clusterId, bool isRequired, CancellationToken cancellation)
    {
        var written = files.Select(f => f.Content).ToList();
        var hasPolicies = isRequired || files.Any(f => f.Type == ResourceType.SecretPolicy);
        if (cluster is null)
            return (hasPolicies ? new(written, clusterId, isRequired) : null, null);
        var there = new List<JsonObject>();
        try
        {
            foreach (var type in (ResourceType[])[ResourceType.SecretPolicy, ResourceType.Namespace])
                there.AddRange((await cluster.List(type, null, cancellation)).Items);
        }
        catch (ResourceException e) when (e.Error is ResourceError.Forbidden or ResourceError.NotServed)
        {
            return (hasPolicies ? new(written, clusterId, isRequired) : null,
                $"the cluster's SecretPolicies and Namespaces cannot be read, so what they deny shows as allowed: {e.Message}");
        }

        return (new(written.Concat(there), clusterId, isRequired), null);
    }
}
