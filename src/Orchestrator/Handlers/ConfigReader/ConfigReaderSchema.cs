using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The schema of a config-reader config: all values but defaults are text.</summary>
internal sealed class ConfigReaderSchema : ConfigSchema
{
    /// <summary>The schema.</summary>
    public static readonly ConfigReaderSchema Instance = new();

    private static readonly PlacePattern[] Texts =
    [
        .. new[]
        {
            ObjectFields.AccountKey, "sources.[].apiVersion", "sources.[].kind", "sources.[].name", "sources.[].namespace", "sources.[].exports.[].key",
            "sources.[].exports.[].path", "sources.[].exports.[].as",
        }.Select(p => new PlacePattern(p, PlaceType.Text)),
    ];

    /// <inheritdoc/>
    public override bool MayHoldOtherTemplates => false;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string>? OutputNames(JsonObject config)
    {
        var names = new List<string>();
        foreach (var source in config["sources"] as JsonArray ?? [])
        {
            if (ConfigReferences.IsReference(source) || (source as JsonObject)?["exports"] is not JsonArray exports)
                return null;
            foreach (var export in exports.OfType<JsonNode>())
            {
                if (ConfigExport.NameIn(export) is not { } name)
                    return null;
                names.Add(name);
            }
        }

        return names.Count == 0 ? null : names;
    }

    /// <inheritdoc/>
    public override PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlacePattern.TypeAt(Texts, path) ?? PlaceType.Any;
}
