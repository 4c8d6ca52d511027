using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests;

/// <summary>The program under test, as a user starts it.</summary>
internal static class Dorch
{
    /// <summary>Runs it to its end.</summary>
    public static Task<Ended> Run(params string[] arguments) => RunningProcess.Run([.. Repository.Dorch, .. arguments]);

    /// <summary>Runs it to its end with more environment.</summary>
    public static Task<Ended> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunningProcess.Run([.. Repository.Dorch, .. arguments], environment);

    /// <summary>Starts it.</summary>
    public static RunningProcess Start(params string[] arguments) => RunningProcess.Start([.. Repository.Dorch, .. arguments]);

    /// <summary>The resources in a v1 List.</summary>
    public static IReadOnlyList<JsonNode> Items(this Ended ended)
    {
        var list = JsonNode.Parse(ended.Output)!;
        Assert.Equal("v1", (string?)list["apiVersion"]);
        Assert.Equal("List", (string?)list["kind"]);
        return [.. list["items"]!.AsArray().Select(i => i!)];
    }

    /// <summary>The single resource of a kind and name.</summary>
    public static JsonNode Named(this IEnumerable<JsonNode> items, string kind, string name) =>
        Assert.Single(items, i => (string?)i["kind"] == kind && (string?)i["metadata"]!["name"] == name);

    /// <summary>The condition of a type.</summary>
    public static JsonNode Condition(this JsonNode resource, string type) =>
        Assert.Single(resource["status"]!["conditions"]!.AsArray(), c => (string?)c!["type"] == type)!;
}
