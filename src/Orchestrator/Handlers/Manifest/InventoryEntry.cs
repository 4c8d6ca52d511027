using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One object in an <see cref="Inventory"/>.</summary>
/// <param name="Type">The kind, in the version it was applied in.</param>
/// <param name="Key">Its place.</param>
internal sealed record InventoryEntry(ResourceType Type, ObjectKey Key)
{
    /// <summary>The object as watches name it.</summary>
    public ObjectId Id => new(Type, Key);

    /// <summary>Whether both name one object. The version does not count: one object is served in several, and moving a manifest to a newer one keeps
    /// it.</summary>
    public bool IsSameObject(InventoryEntry other) =>
        Type.Group == other.Type.Group && Type.Kind == other.Type.Kind && Key == other.Key;

    /// <summary>The entry in a status, or null where it is none.</summary>
    public static InventoryEntry? Read(JsonNode? entry) =>
        JsonText.NotEmpty(entry, "apiVersion") is { } apiVersion && JsonText.NotEmpty(entry, "kind") is { } kind && JsonText.NotEmpty(entry, "name") is { } name
            ? new(ResourceType.Of(apiVersion, kind), new(JsonText.NotEmpty(entry, "namespace"), name))
            : null;

    /// <summary>The entry as it stands in a status.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["apiVersion"] = Type.ApiVersion, ["kind"] = Type.Kind };
        if (Key.Namespace is not null)
            json["namespace"] = Key.Namespace;
        json["name"] = Key.Name;
        return json;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Kind} {Key}";
}
