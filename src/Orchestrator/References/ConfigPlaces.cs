using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.References;

/// <summary>
/// What is known for certain of the places of a handler's config: which type of value a place takes, and where a reference may be written as an object.
/// Of a handler elsewhere nothing is known: its references keep their JSON type. Pure.
/// </summary>
internal class ConfigPlaces
{
    /// <summary>The places of a config of which nothing is known.</summary>
    public static readonly ConfigPlaces Unknown = new();

    /// <summary>The type that a place takes.</summary>
    /// <param name="config">The whole config, its references resolved.</param>
    /// <param name="path">The place, from the config's root.</param>
    public virtual PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlaceType.Any;

    /// <summary>Where the object at a place is a reference, <c>{component, output}</c>: the key that takes its value there; null elsewhere.</summary>
    public virtual string? KeyOfValue(IReadOnlyList<ReferenceStep> path) => null;
}

/// <summary>The type that a place of a config takes for certain.</summary>
internal enum PlaceType
{
    /// <summary>Any, or nobody knows.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,
}
