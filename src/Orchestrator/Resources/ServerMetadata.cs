using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources;

/// <summary>The metadata that the API server sets: what somebody writes there is ignored or refused, and says nothing of what is desired.</summary>
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
