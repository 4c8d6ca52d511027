using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Tests.Resources;

/// <summary>Resources as a user writes them.</summary>
internal static class NewResource
{
    public static JsonObject Namespace(string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };

    public static JsonObject ConfigMap(string @namespace, string name, params ReadOnlySpan<(string Key, string Value)> data)
    {
        var map = Of("v1", "ConfigMap", @namespace, name);
        if (data.Length > 0)
            map["data"] = new JsonObject([.. data.ToArray().Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))]);
        return map;
    }

    public static JsonObject Component(string @namespace, string name, JsonObject spec) => With(Of(ApiGroup.ApiVersion, "Component", @namespace, name), spec);

    public static JsonObject Component(string @namespace, string name, string handler, JsonObject config) =>
        Component(@namespace, name, new() { ["handler"] = handler, ["config"] = config });

    public static JsonObject Composition(string @namespace, string name, params IEnumerable<JsonNode> entries) =>
        CompositionOf(@namespace, name, new() { ["components"] = new JsonArray([.. entries]) });

    public static JsonObject CompositionOf(string @namespace, string name, JsonObject spec) =>
        With(Of(ApiGroup.ApiVersion, "Composition", @namespace, name), spec);

    private static JsonObject Of(string apiVersion, string kind, string @namespace, string name) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
    };

    private static JsonObject With(JsonObject resource, JsonObject spec)
    {
        resource["spec"] = spec;
        return resource;
    }
}
