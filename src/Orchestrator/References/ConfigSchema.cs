using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.References;

/// <summary>
/// What is known for certain of a handler's config: the value types of its places, where a reference may be an object, and which edits still apply while the
/// Component is terminating. Nothing is known for an external handler: its references keep their JSON type. Pure.
/// </summary>
public class ConfigSchema
{
    /// <summary>The schema of an unknown config.</summary>
    public static readonly ConfigSchema Unknown = new();

    /// <summary>
    /// Whether the config may contain templates for another engine, as an applied manifest does. Then <c>{{ .database.status.endpoint }}</c> may be intended,
    /// and is only a warning.
    /// </summary>
    public virtual bool MayHoldOtherTemplates => true;

    /// <summary>The type of a place.</summary>
    /// <param name="config">The whole config, resolved.</param>
    /// <param name="path">The place, from the config's root.</param>
    public virtual PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlaceType.Any;

    /// <summary>If the object at a place is a reference, <c>{component, output}</c>: the key for its value; null otherwise.</summary>
    public virtual string? KeyOfValue(IReadOnlyList<ReferenceStep> path) => null;

    /// <summary>The names of all outputs that a Component with this config can have; null if unknown.</summary>
    /// <param name="config">The config as written: an unresolved reference may have any value.</param>
    public virtual IReadOnlyCollection<string>? OutputNames(JsonObject config) => null;

    /// <summary>
    /// The config of a terminating child, updated with those edits of its entry that keep more resources: they still apply, as the remedy for a deletion that
    /// cannot succeed. Null if there are none.
    /// </summary>
    /// <param name="desired">The entry's config as written; it may be invalid.</param>
    /// <param name="current">The child's config.</param>
    public virtual JsonObject? EditsWhileTerminating(JsonObject desired, JsonObject current) => null;
}
