using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One object of a config, as written: whether it is namespaced depends on its kind, which the cluster knows.</summary>
/// <param name="Path">Its path in the config, such as <c>manifests[0]</c>.</param>
/// <param name="Json">The object as written.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Namespace">The namespace as written; null where there is none.</param>
/// <param name="Name">Its name.</param>
internal sealed record ManifestObject(string Path, JsonObject Json, ResourceType Type, string? Namespace, string Name)
{
    /// <summary>The object as it is named before anybody knows where it lies.</summary>
    public InventoryEntry AsWritten => new(Type, new(Namespace, Name));

    /// <summary>Which object it is in a Component of this namespace.</summary>
    public InventoryEntry In(string own, bool isNamespaced) => new(Type, new(isNamespaced ? Namespace ?? own : null, Name));

    /// <summary>Why a field never has a value that may be shown, by what the manifest says; null where it may have one.</summary>
    /// <param name="path">The field.</param>
    /// <param name="isResolved">Whether every reference has its value by now: before, what they bring is not known.</param>
    public string? WhyNever(FieldPath path, bool isResolved)
    {
        if (!isResolved && ConfigReferences.Find(Json, ConfigSchema.Unknown).Count > 0)
            return null;
        if (UnreadableKinds.Of(Json, path) is { } refusal)
            return $"in {Path}, {refusal}";

        // The object gets what the manifest says, so a path into a text of it never has a value.
        path.Find(Json, out var problem);
        return problem is null ? null : $"in {Path}, {problem}";
    }

    /// <summary>A copy as it is applied: in its namespace and with its owner's annotation, everything else as written.</summary>
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
