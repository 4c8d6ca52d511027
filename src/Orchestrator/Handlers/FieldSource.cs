using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>
/// The object that an output is taken from. The version does not count: one object is served in several, and moving a manifest to a newer one keeps it.
/// </summary>
/// <param name="Group">The group of its kind.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its place.</param>
/// <param name="Uid">Its uid; empty where there is no such object, null where nobody looked.</param>
internal sealed record FieldSource(string Group, string Kind, ObjectKey Key, string? Uid)
{
    private const string UidKey = "uid";
    private const string PathKey = "path";

    /// <summary>An object that nobody looked at.</summary>
    public static FieldSource Unseen(ResourceType type, ObjectKey key) => new(type.Group, type.Kind, key, null);

    /// <summary>An object as it was looked at; null where it is not there.</summary>
    public static FieldSource Of(ResourceType type, ObjectKey key, JsonObject? live) =>
        new(type.Group, type.Kind, key, JsonText.Of(live?["metadata"], UidKey) ?? "");

    /// <summary>What is remembered of a value: which object it came from, and from which path of it.</summary>
    public JsonObject ToNote(string path)
    {
        var note = new JsonObject { ["kind"] = Kind, ["name"] = Key.Name, [UidKey] = Uid, [PathKey] = path };
        if (Group.Length > 0)
            note["group"] = Group;
        if (Key.Namespace is { } @namespace)
            note["namespace"] = @namespace;
        return note;
    }

    /// <summary>Whether a value with this note came from the path of this object, and not of one that was in its place before.</summary>
    public bool IsNotedIn(JsonObject note, string path) =>
        JsonText.Of(note, "kind") == Kind && (JsonText.Of(note, "group") ?? "") == Group && JsonText.Of(note, "name") == Key.Name
        && IsPlaceOf(JsonText.Of(note, "namespace")) && JsonText.Of(note, PathKey) == path
        && JsonText.Of(note, UidKey) is { } uid && (Uid is null || uid == Uid);

    // Of an object that nobody looked at, nobody knows either whether it is cluster-scoped.
    private bool IsPlaceOf(string? noted) => noted == Key.Namespace || (Uid is null && noted is null);

    /// <summary>The object as it is named in a message of a Component of this namespace.</summary>
    public string TextIn(string own) => Key.Namespace is null || Key.Namespace == own ? $"{Kind} {Key.Name}" : $"{Kind} {Key}";
}
