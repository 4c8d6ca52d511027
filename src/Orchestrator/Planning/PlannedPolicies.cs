using System.Text.Json.Nodes;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Planning;

/// <summary>The SecretPolicies of a plan: those of the files, over those of the cluster.</summary>
internal static class PlannedPolicies
{
    /// <summary>Reads them; null if none apply: no cluster whose operator enforces them, and none in the files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="cluster">The cluster; null for none.</param>
    /// <param name="clusterId">The cluster's id; null if unknown.</param>
    /// <param name="isRequired">Whether the operator runs with <c>--require-policy</c>.</param>
    /// <param name="cancellation">Cancels the reads.</param>
    /// <returns>The policies, and why those of the cluster are missing; null if they are not.</returns>
    public static async Task<(WrittenPolicies? Policies, string? Problem)> Read(
        IReadOnlyList<JsonObject> files, IResourceStore? cluster, string? clusterId, bool isRequired, CancellationToken cancellation)
    {
        var hasPolicies = isRequired || files.Any(f => ResourceType.Of(f) == ResourceType.SecretPolicy);
        var ofFiles = hasPolicies ? new WrittenPolicies(files, clusterId, isRequired) : null;
        if (cluster is null)
            return (ofFiles, null);
        var there = new List<JsonObject>();
        try
        {
            foreach (var type in (ResourceType[])[ResourceType.SecretPolicy, ResourceType.Namespace])
                there.AddRange((await cluster.List(type, null, cancellation)).Items);
        }
        catch (ResourceException e) when (e.Error is ResourceError.Forbidden or ResourceError.NotServed)
        {
            return (ofFiles, $"the cluster's SecretPolicies and Namespaces cannot be read, so what they deny shows as allowed: {e.Message}");
        }

        return (new(files.Concat(there), clusterId, isRequired), null);
    }
}
