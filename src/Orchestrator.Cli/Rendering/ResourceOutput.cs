using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Resources as kubectl prints them: one <c>v1</c> List.</summary>
internal static class ResourceOutput
{
    /// <summary>The List. <c>managedFields</c>, which nobody reads, is left out.</summary>
    public static JsonObject List(IEnumerable<JsonObject> resources) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. resources.Select(Shown)]),
    };

    /// <summary>The List as JSON text.</summary>
    public static string Json(IEnumerable<JsonObject> resources) => List(resources).ToJsonString(ApiJson.Readable);

    /// <summary>The List as YAML text, ending in a line end.</summary>
    public static string Yaml(IEnumerable<JsonObject> resources) => YamlWriter.Write(List(resources));

    private static JsonObject Shown(JsonObject resource)
    {
        var shown = resource.DeepClone().AsObject();
        (shown["metadata"] as JsonObject)?.Remove("managedFields");
        return shown;
    }
}
