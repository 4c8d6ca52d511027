using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>Resources of a test's own.</summary>
internal static class Namespaces
{
    private const string Prefix = "test";

    /// <summary>A name that no other test has.</summary>
    public static string Unique(string prefix) => $"{prefix}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>Whether a test made the Namespace for itself.</summary>
    public static bool IsATests(string @namespace) => @namespace.StartsWith($"{Prefix}-", StringComparison.Ordinal);

    /// <summary>A new Namespace.</summary>
    public static async Task<string> New(IResourceStore store)
    {
        var name = Unique(Prefix);
        await store.Create(
            new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, TestContext.Current.CancellationToken);
        return name;
    }

    /// <summary>An empty ConfigMap.</summary>
    public static JsonObject ConfigMap(string @namespace, string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
    };

    /// <summary>A Component with this spec.</summary>
    public static JsonObject Component(string @namespace, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
        ["spec"] = spec,
    };
}
