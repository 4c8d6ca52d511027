using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Cli.Rendering;

/// <summary>Resources as kubectl prints them: one <c>v1</c> List.</summary>
internal static class ResourceOutput
{
    /// <summary>The List, without <c>managedFields</c>.</summary>
    public static JsonObject List(IEnumerable<JsonObject> resources) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. resources.Select(Shown)]),
    };

    private static JsonObject Shown(JsonObject resource)
    {
        var shown = resource.DeepClone().AsObject();
        (shown["metadata"] as JsonObject)?.Remove("managedFields");
        return shown;
    }
}
