using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The resources of a run: those of the files, the Components that Compositions made, and the objects that manifests applied.</summary>
internal static class RunResources
{
    /// <summary>The resources as they now are, each once, in that order.</summary>
    public static async Task<IReadOnlyList<JsonObject>> Read(
        IResourceStore store, IReadOnlyList<(ResourceType Type, ObjectKey Key)> ofFiles, IReadOnlyList<Component> components, CancellationToken cancellation)
    {
        var sorted = components.OrderBy(c => c.Metadata.Namespace, StringComparer.Ordinal).ThenBy(c => c.Metadata.Name, StringComparer.Ordinal).ToList();
        var keys = ofFiles
            .Concat(sorted.Select(c => (ResourceType.Component, ObjectKey.Of(c.Metadata))))
            .Concat(sorted.SelectMany(AppliedBy))
            .Distinct();
        var resources = new List<JsonObject>();
        foreach (var (type, key) in keys)
        {
            if (await store.Get(type, key, cancellation) is { } resource)
                resources.Add(resource);
        }

        return resources;
    }

    private static IEnumerable<(ResourceType Type, ObjectKey Key)> AppliedBy(Component component) =>
        component.Status?.ProviderStatus?["appliedResources"] is JsonArray applied
            ? applied.Select(InventoryEntry.Read).OfType<InventoryEntry>().Select(entry => (entry.Type, entry.Key))
            : [];
}
