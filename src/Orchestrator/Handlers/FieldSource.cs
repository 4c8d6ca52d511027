using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The object of an output. Its version does not count: an object is served in several versions, and a manifest may move to a newer one.</summary>
/// <param name="Group">The group of its kind.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its namespace and name.</param>
/// <param name="Uid">Its uid; empty if it does not exist, null if it was not read.</param>
internal sealed record FieldSource(string Group, string Kind, ObjectKey Key, string? Uid)
{
    private const string UidKey = "uid";
    private const string PathKey = "path";

    /// <summary>An object that was not read.</summary>
    public static FieldSource Unseen(ResourceType type, ObjectKey key) => new(type.Group, type.Kind, key, null);

    /// <summary>An object as read; null if it does not exist.</summary>
    public static FieldSource Of(ResourceType type, ObjectKey key, JsonObject? live) =>
        new(type.Group, type.Kind, key, JsonText.Of(live?["metadata"], UidKey) ?? "");

    /// <summary>The note of a value: its object, and its path in the object.</summary>
    public JsonObject ToNote(string path)
    {
        var note = new JsonObject { ["kind"] = Kind, ["name"] = Key.Name, [UidKey] = Uid, [PathKey] = path };
        if (Group.Length > 0)
            note["group"] = Group;
        if (Key.Namespace is { } @namespace)
            note["namespace"] = @namespace;
        return note;
    }

    /// <summary>Whether a value with this note came from this path of this object, and not from an earlier object of the same name.</summary>
    public bool IsNotedIn(JsonObject note, string path) =>
        JsonText.Of(note, "kind") == Kind && (JsonText.Of(note, "group") ?? "") == Group && JsonText.Of(note, "name") == Key.Name
        && IsPlaceOf(JsonText.Of(note, "namespace")) && JsonText.Of(note, PathKey) == path
        && JsonText.Of(note, UidKey) is { } uid && (Uid is null || uid == Uid);

    // Of an object that was not read it is also unknown whether it is cluster-scoped.
    private bool IsPlaceOf(string? noted) => noted == Key.Namespace || (Uid is null && noted is null);

    /// <summary>The object's name in a message of a Component of this namespace.</summary>
    public string TextIn(string own) => Key.Namespace is null || Key.Namespace == own ? $"{Kind} {Key.Name}" : $"{Kind} {Key}";
}
