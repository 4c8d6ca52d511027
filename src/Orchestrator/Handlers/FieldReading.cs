using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>The last reading of an output's field. It holds the field, not the object.</summary>
/// <param name="Output">The output.</param>
/// <param name="Source">The object.</param>
/// <param name="Value">The field's value; null if there is none yet. An empty text, list or object counts as none.</param>
/// <param name="Problem">Why the object can have no value; null if it may come.</param>
internal sealed record FieldReading(FieldOutput Output, FieldSource Source, JsonNode? Value = null, string? Problem = null)
{
    /// <summary>Reads an object.</summary>
    /// <param name="output">The output.</param>
    /// <param name="type">The object's kind.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="live">The object; null if it does not exist.</param>
    public static FieldReading Of(FieldOutput output, ResourceType type, ObjectKey key, JsonObject? live)
    {
        // The problem of a path that goes too deep may quote the value, so check for an embedded Secret first.
        JsonNode? found = null;
        var problem = live is null ? null : UnreadableKinds.Of(live, output.Path);
        if (live is not null && problem is null)
            found = output.Path.Find(live, out problem);
        return new(output, FieldSource.Of(type, key, live), IsNone(found) ? null : found!.DeepClone(), problem);
    }

    /// <summary>Whether a field has no value yet: many controllers write an empty one first.</summary>
    public static bool IsNone(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || JsonText.Of(value) is "";

    /// <summary>The reading of an object that this call did not read.</summary>
    public static FieldReading Unseen(FieldOutput output, ResourceType type, ObjectKey key) => new(output, FieldSource.Unseen(type, key));
}
