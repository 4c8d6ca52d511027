using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>The part <c>outputs</c> of a config: fields of the objects of the list that others may refer to. Pure.</summary>
internal static class ManifestOutputs
{
    /// <summary>Its key in the config.</summary>
    public const string Key = "outputs";

    /// <summary>The names of all outputs, the handler's own too; null where they are not known.</summary>
    public static IReadOnlyCollection<string>? NamesIn(JsonObject config) => config[Key] switch
    {
        null => [Inventory.OutputKey],
        JsonObject outputs when !ConfigReferences.IsReference(outputs) => [.. outputs.Select(o => o.Key), Inventory.OutputKey],
        _ => null,
    };
}
