using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The places of a config-reader config: all of them are text.</summary>
internal sealed class ConfigReaderPlaces : ConfigPlaces
{
    private static readonly PlacePattern[] Texts =
        [.. new[] { "sources.[].name", "sources.[].namespace", "sources.[].exports.[].key", "sources.[].exports.[].as" }.Select(p => new PlacePattern(p, PlaceType.Text))];

    /// <inheritdoc/>
    public override PlaceType TypeAt(JsonObject config, IReadOnlyList<ReferenceStep> path) => PlacePattern.TypeAt(Texts, path) ?? PlaceType.Any;
}
