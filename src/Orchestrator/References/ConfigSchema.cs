using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.References;

/// <summary>
/// What is known for certain of a handler's config: which type of value a place takes, where a reference may be an object, and what still counts while the
/// Component is terminating. Of an external handler nothing is known: its references keep their JSON type. Pure.
/// </summary>
public class ConfigSchema
{
    /// <summary>The schema of a config of which nothing is known.</summary>
    public static readonly ConfigSchema Unknown = new();

    /// <summary>
    /// Whether the config may hold templates that somebody else reads, as an applied manifest does. Then <c>{{ .database.status.endpoint }}</c> may be meant
    /// as it stands, and is a warning only.
    /// </summary>
    public virtual bool MayHoldOtherTemplates => true;

    /// <summary>The type that a place takes.</summary>
    /// <param name="config">The whole config, its references resolved.</param>
    /// <param name="path">The place, from the config's root.</param>
    public virtual PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlaceType.Any;

    /// <summary>Where the object at a place is a reference, <c>{component, output}</c>: the key that takes its value there; null elsewhere.</summary>
    public virtual string? KeyOfValue(IReadOnlyList<ReferenceStep> path) => null;

    /// <summary>The names of all outputs that a Component with this config ever gives; null where they are not known.</summary>
    /// <param name="config">The config as written: what is still a reference may have any value.</param>
    public virtual IReadOnlyCollection<string>? OutputNames(JsonObject config) => null;

    /// <summary>
    /// The config of a terminating child with those edits of its Composition's entry that keep more of what the child made: they still count, as the way out
    /// of a deletion that cannot succeed. Null where there are none.
    /// </summary>
    /// <param name="desired">The entry's config as written; it may be invalid.</param>
    /// <param name="current">The child's config.</param>
    public virtual JsonObject? EditsWhileTerminating(JsonObject desired, JsonObject current) => null;
}
