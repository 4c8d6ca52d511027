using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Handlers;

/// <summary>What an object had for an output when it was last looked at. It holds the field, not the object.</summary>
/// <param name="Output">The output.</param>
/// <param name="Source">The object.</param>
/// <param name="Value">The field's value; null where there is none yet. An empty text, list or object is none.</param>
/// <param name="Problem">Why there can be none; null where it may come.</param>
internal sealed record FieldReading(FieldOutput Output, FieldSource Source, JsonNode? Value = null, string? Problem = null)
{
    /// <summary>Reads an object.</summary>
    /// <param name="output">The output.</param>
    /// <param name="type">The object's kind.</param>
    /// <param name="key">Its place.</param>
    /// <param name="live">The object; null where it is not there.</param>
    public static FieldReading Of(FieldOutput output, ResourceType type, ObjectKey key, JsonObject? live)
    {
        // What Find says of a path that goes too deep may quote the value: a Secret within the object comes first.
        JsonNode? found = null;
        var problem = live is null ? null : UnreadableKinds.Of(live, output.Path);
        if (live is not null && problem is null)
            found = output.Path.Find(live, out problem);
        return new(output, FieldSource.Of(type, key, live), IsNone(found) ? null : found!.DeepClone(), problem);
    }

    /// <summary>Whether what stands in a field is no value yet: many a controller writes the empty form of it first.</summary>
    public static bool IsNone(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 } || JsonText.Of(value) is "";

    /// <summary>The reading of an object that this call did not come to.</summary>
    public static FieldReading Unseen(FieldOutput output, ResourceType type, ObjectKey key) => new(output, FieldSource.Unseen(type, key));
}
