using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// Numbers in Components and Compositions with a leading 0: YAML 1.1 and kubectl read them as octal, which nobody means by 030 days. In the
/// objects of a manifest, 0644 is a file mode and is meant.
/// </summary>
internal static class OctalNumbers
{
    /// <summary>A warning for each, with the value that YAML reads.</summary>
    public static IEnumerable<Diagnostic> Check(ManifestResource resource) =>
        resource.Type == ResourceType.Component || resource.Type == ResourceType.Composition ? Find(resource, resource.Content["spec"], "spec") : [];

    private static IEnumerable<Diagnostic> Find(ManifestResource resource, JsonNode? node, string path)
    {
        var place = Problem.Join(resource.Path, path);
        return node switch
        {
            JsonObject map => map.Where(entry => entry.Key != "manifests").SelectMany(entry => Find(resource, entry.Value, Problem.Join(path, entry.Key))),
            JsonArray list => list.SelectMany((item, i) => Find(resource, item, $"{path}[{i}]")),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && resource.Map.Written(place) is (var text, false)
                && text.TrimStart('-', '+') is ['0', >= '0' and <= '7', ..] =>
                [new(resource.Map.Locate(place),
                    new Problem(path, $"{text} is octal in YAML and means {value.ToJsonString()}: remove the leading 0", IsWarning: true))],
            _ => [],
        };
    }
}
