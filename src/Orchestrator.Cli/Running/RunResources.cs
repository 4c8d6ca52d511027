using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Running;

/// <summary>The resources of a run: those of the files, the children of Compositions, and the objects of manifests.</summary>
internal static class RunResources
{
    public static async Task<IReadOnlyList<JsonObject>> Read(
        IResourceStore store, IReadOnlyList<(ResourceType Type, ObjectKey Key)> ofFiles, IReadOnlyList<Component> components, CancellationToken cancellation)
    {
        var sorted = StatusRow.InOrder(components, c => c.Metadata).ToList();
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
        Inventory.Read(component.Status?.ProviderStatus ?? [], Inventory.OutputKey).Entries.Select(entry => (entry.Type, entry.Key));
}
