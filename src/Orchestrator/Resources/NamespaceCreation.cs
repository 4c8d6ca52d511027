using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>Creates the Namespaces of an embedded store, where no other client does.</summary>
internal static class NamespaceCreation
{
    /// <summary>Creates a Namespace that does not exist yet; null needs none.</summary>
    public static async Task EnsureNamespace(this IResourceStore store, string? name, CancellationToken cancellation)
    {
        if (name is null || await store.Get(ResourceType.Namespace, new(null, name), cancellation) is not null)
            return;
        await store.Create(
            new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, cancellation);
    }
}
