using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>One object in an <see cref="Inventory"/>.</summary>
/// <param name="Type">The kind, in the version it was applied in.</param>
/// <param name="Key">Its namespace and name.</param>
internal sealed record InventoryEntry(ResourceType Type, ObjectKey Key)
{
    /// <summary>The object's id for watches.</summary>
    public ObjectId Id => new(Type, Key);

    /// <summary>
    /// Whether both are the same object. The version does not count: an object is served in several versions, and a manifest may move to a newer one.
    /// </summary>
    public bool IsSameObject(InventoryEntry other) =>
        Type.Group == other.Type.Group && Type.Kind == other.Type.Kind && Key == other.Key;

    /// <summary>Reads an entry of a status; null if it is invalid.</summary>
    public static InventoryEntry? Read(JsonNode? entry) =>
        JsonText.NotEmpty(entry, "apiVersion") is { } apiVersion && JsonText.NotEmpty(entry, "kind") is { } kind && JsonText.NotEmpty(entry, "name") is { } name
            ? new(ResourceType.Of(apiVersion, kind), new(JsonText.NotEmpty(entry, "namespace"), name))
            : null;

    /// <summary>The entry as JSON for a status.</summary>
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
