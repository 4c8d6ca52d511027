using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>secret-push Components and their status.</summary>
internal static class SecretPushes
{
    /// <summary>A Component that pushes one generated and one static value as <c>namespace/name</c>.</summary>
    public static JsonObject Component(string @namespace, string name, string user = "app", string region = "us-east-1") =>
        NewResource.Component(@namespace, name, new()
        {
            ["handler"] = "secret-push",
            ["config"] = new JsonObject
            {
                ["region"] = region,
                ["secretName"] = $"{@namespace}/{name}",
                ["fields"] = new JsonObject
                {
                    ["user"] = new JsonObject { ["value"] = user },
                    ["password"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 24 } },
                },
            },
        });

    /// <summary>This many of them.</summary>
    public static IReadOnlyList<JsonObject> Many(string @namespace, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Component(@namespace, $"secret-{i}"))];

    /// <summary>The names of their secrets.</summary>
    public static IReadOnlyList<string> SecretNames(string @namespace, int count) => [.. Enumerable.Range(0, count).Select(i => $"{@namespace}/secret-{i}")];

    /// <summary>Whether a field of the tests' secrets was generated.</summary>
    public static bool IsGenerated(string field) => field is "password" or "token";

    /// <summary>Whether it is Ready for its current generation.</summary>
    public static bool IsReady(this JsonObject resource) => resource.Phase() == "Ready"
        && (long?)resource["status"]!["observedGeneration"] == (long)resource["metadata"]!["generation"]!;

    /// <summary>The phase; null without a status.</summary>
    public static string? Phase(this JsonObject resource) => (string?)resource["status"]?["phase"];

    /// <summary>The resource's name.</summary>
    public static string Name(this JsonObject resource) => (string)resource["metadata"]!["name"]!;

    /// <summary>The version of the resource, which changes with every write.</summary>
    public static string Version(this JsonObject resource) => (string)resource["metadata"]!["resourceVersion"]!;
}
