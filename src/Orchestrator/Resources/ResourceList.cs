using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>A consistent list.</summary>
/// <param name="Items">The resources.</param>
/// <param name="ResourceVersion">The version to watch from.</param>
internal sealed record ResourceList(IReadOnlyList<JsonObject> Items, string ResourceVersion);

/// <summary>A consistent list that holds only a part of each resource.</summary>
/// <param name="Items">The parts of the resources.</param>
/// <param name="ResourceVersion">The version to watch from.</param>
internal sealed record ResourceList<T>(IReadOnlyList<T> Items, string ResourceVersion)
    where T : class;
