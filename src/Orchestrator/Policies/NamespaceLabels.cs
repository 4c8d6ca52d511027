using System.Text.Json.Serialization;

namespace DeploymentOrchestrator.Policies;

/// <summary>The part of a Namespace that selects policies.</summary>
internal sealed record NamespaceLabels
{
    /// <summary>Name and labels.</summary>
    public required LabelledName Metadata { get; init; }
}

/// <summary>The part of a Namespace's metadata that selects policies.</summary>
internal sealed record LabelledName
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? new Dictionary<string, string>(StringComparer.Ordinal); init; }
}

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NamespaceLabels))]
internal sealed partial class NamespaceLabelsJson : JsonSerializerContext;
