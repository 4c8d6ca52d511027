using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Cli.Manifests;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Planning;

/// <summary>Which kinds a cluster serves, or will serve once the files' CustomResourceDefinitions are there.</summary>
internal sealed class PlannedKinds(IResourceStore cluster, IReadOnlyList<ManifestResource> files)
{
    /// <summary>Whether the kind is namespaced, or why nobody knows.</summary>
    public async Task<(bool? IsNamespaced, string Problem)> Find(ResourceType type, CancellationToken cancellation)
    {
        try
        {
            return (await cluster.IsNamespaced(type, cancellation), "");
        }
        catch (ResourceException e) when (e.Error == ResourceError.NotServed)
        {
            return Brought(type) is { } scope
                ? (scope != "Cluster", "")
                : (null, $"{e.Message}, and no file brings its CustomResourceDefinition: kubectl apply would be refused");
        }
    }

    private string? Brought(ResourceType type) => files
        .Where(file => (file.Type.Group, file.Type.Kind) == ("apiextensions.k8s.io", "CustomResourceDefinition"))
        .Select(file => file.Content["spec"] as JsonObject)
        .Where(spec => spec is not null && JsonText.Of(spec["group"]) == type.Group && JsonText.Of((spec["names"] as JsonObject)?["kind"]) == type.Kind)
        .Select(spec => JsonText.Of(spec!["scope"]) ?? "")
        .FirstOrDefault();
}
