using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Components.Manifest;

/// <summary>One object of a config.</summary>
/// <param name="Path">Its path in the config, such as <c>manifests[0]</c>.</param>
/// <param name="Json">The object as written.</param>
/// <param name="Entry">Which object it is.</param>
public sealed record ManifestObject(string Path, JsonObject Json, InventoryEntry Entry)
{
    /// <summary>A copy as it is applied: in its namespace and with its owner's annotation, everything else as written.</summary>
    public JsonObject For(ObjectOwner owner)
    {
        var resource = (JsonObject)Json.DeepClone();
        var metadata = (JsonObject)resource["metadata"]!;
        metadata["namespace"] = Entry.Key.Namespace;
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        annotations[ObjectOwner.Annotation] = owner.Value;
        return resource;
    }
}
