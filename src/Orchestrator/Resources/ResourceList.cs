using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>A consistent list.</summary>
/// <param name="Items">The resources.</param>
/// <param name="ResourceVersion">The version to watch from.</param>
internal sealed record ResourceList(IReadOnlyList<JsonObject> Items, string ResourceVersion);
