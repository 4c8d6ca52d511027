using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One object of a config, as written: its kind, which only the cluster knows, decides whether it is namespaced.</summary>
/// <param name="Path">Its path in the config, such as <c>manifests[0]</c>.</param>
/// <param name="Json">The object as written.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Namespace">The namespace as written; null if there is none.</param>
/// <param name="Name">Its name.</param>
internal sealed record ManifestObject(string Path, JsonObject Json, ResourceType Type, string? Namespace, string Name)
{
    /// <summary>The object's name in messages before its namespace is known.</summary>
    public InventoryEntry AsWritten => new(Type, new(Namespace, Name));

    /// <summary>The object's inventory entry for a Component of this namespace.</summary>
    public InventoryEntry In(string own, bool isNamespaced) => new(Type, new(isNamespaced ? Namespace ?? own : null, Name));

    /// <summary>Why a field can never be an output, judged from the manifest; null if it may.</summary>
    /// <param name="path">The field.</param>
    /// <param name="isResolved">Whether every reference is resolved; values of unresolved ones are unknown.</param>
    public string? WhyNever(FieldPath path, bool isResolved)
    {
        if (!isResolved && ConfigReferences.Find(Json, ConfigSchema.Unknown).Count > 0)
            return null;
        if (UnreadableKinds.Of(Json, path) is { } refusal)
            return $"in {Path}, {refusal}";

        // The object gets what the manifest says, so a path into a text has no value.
        path.Find(Json, out var problem);
        return problem is null ? null : $"in {Path}, {problem}";
    }

    /// <summary>A copy to apply: with its namespace and its owner's annotation, otherwise as written.</summary>
    public JsonObject For(ObjectOwner owner, ObjectKey key)
    {
        var resource = (JsonObject)Json.DeepClone();
        var metadata = (JsonObject)resource["metadata"]!;
        if (key.Namespace is null)
            metadata.Remove("namespace");
        else
            metadata["namespace"] = key.Namespace;
        if (metadata["annotations"] is not JsonObject annotations)
            metadata["annotations"] = annotations = [];
        annotations[ObjectOwner.Annotation] = owner.Value;
        return resource;
    }
}
