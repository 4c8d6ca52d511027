using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Resources;

/// <summary>The namespace and name of a resource: all that a queue carries of it.</summary>
/// <param name="Namespace">The namespace; null for cluster-scoped kinds.</param>
/// <param name="Name">The name.</param>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    /// <summary>The key of a resource with metadata.</summary>
    public static ObjectKey Of(JsonObject resource) =>
        new((string?)resource["metadata"]?["namespace"], (string)resource["metadata"]!["name"]!);

    /// <summary>The key in an object's metadata.</summary>
    public static ObjectKey Of(ObjectMeta metadata) => new(metadata.Namespace, metadata.Name);

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
