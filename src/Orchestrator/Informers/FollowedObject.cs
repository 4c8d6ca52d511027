using System.Text.Json.Serialization;

namespace DeploymentOrchestrator.Informers;

/// <summary>What is kept of an object that somebody follows. The rest of it, megabytes for all the definitions of a cluster, is read by who looks.</summary>
internal sealed record FollowedObject
{
    /// <summary>Which object it is, in which version.</summary>
    public required FollowedMetadata Metadata { get; init; }
}

/// <summary>The part of an object's metadata that tells its versions apart.</summary>
internal sealed record FollowedMetadata
{
    /// <summary>Its namespace; null where it has none.</summary>
    public string? Namespace { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its version.</summary>
    public string? ResourceVersion { get; init; }
}

/// <summary>JSON of followed objects.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FollowedObject))]
internal sealed partial class FollowedJson : JsonSerializerContext;
