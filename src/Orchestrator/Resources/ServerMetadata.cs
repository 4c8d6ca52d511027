using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>The metadata that the API server sets: a user's value is ignored or refused, and is not part of the desired state.</summary>
internal static class ServerMetadata
{
    /// <summary>The fields of <c>metadata</c>.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields", "selfLink"];

    /// <summary>Removes them from an object's <c>metadata</c>.</summary>
    public static void RemoveFrom(JsonObject metadata)
    {
        foreach (var field in Fields)
            metadata.Remove(field);
    }
}
