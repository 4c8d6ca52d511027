using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The values of one ConfigMap.</summary>
internal static class ConfigMapValues
{
    /// <summary>The field of a ConfigMap's texts.</summary>
    public const string Data = "data";

    /// <summary>Adds the exports of a source to the outputs; a missing or binary key is a problem.</summary>
    public static void Export(JsonObject configMap, ConfigSource source, JsonObject outputs, ICollection<Problem> problems)
    {
        var name = ObjectKey.Of(configMap);
        var data = configMap[Data] as JsonObject ?? [];
        var binary = configMap["binaryData"] as JsonObject ?? [];
        foreach (var export in source.Exports.Where(e => e.Key is not null))
        {
            var key = export.Key!;
            if (data[key] is { } value)
                outputs[export.Output] = value.DeepClone();
            else if (binary.ContainsKey(key))
                problems.Add(new($"{export.Path}.key", $"\"{key}\" of ConfigMap {name} is binary, and an output is text: put it under data"));
            else
                problems.Add(new($"{export.Path}.key", $"ConfigMap {name} has no key \"{key}\": {KnownKeys(key, data)}"));
        }
    }

    private static string KnownKeys(string key, JsonObject data)
    {
        var keys = data.Select(d => d.Key).ToList();
        return $"there is {(keys.Count == 0 ? "nothing" : string.Join(", ", keys))}{NearestName.Hint(key, keys)}";
    }
}
