using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers;

/// <summary>An output that reads a field of an object.</summary>
/// <param name="Place">Its path in the config, such as <c>outputs.endpoint</c>.</param>
/// <param name="Name">Its name in <c>providerStatus</c>.</param>
/// <param name="Path">The path of the field in the object.</param>
/// <param name="Default">Its value while the object has none; null to wait for the field.</param>
internal sealed record FieldOutput(string Place, string Name, FieldPath Path, JsonNode? Default = null)
{
    /// <summary>The path in its canonical form.</summary>
    public string CanonicalPath { get; } = string.Concat(Path.Steps).TrimStart('.');

    /// <summary>The key of the default in a config.</summary>
    public const string DefaultKey = "default";

    /// <summary>Reports the problems of a default.</summary>
    public static void CheckDefault(ObjectReader reader, JsonNode? value)
    {
        if (value is not null && JsonSize.Of(value) is > FieldOutputs.MaxValueBytes and var bytes)
            reader.Add(DefaultKey, $"has {bytes} bytes, and at most {FieldOutputs.MaxValueBytes} are allowed: write a smaller one");
        else if (value is null && reader.Has(DefaultKey))
            reader.Add(DefaultKey, "is null: write a value, or leave it out to wait for the field");
    }
}
