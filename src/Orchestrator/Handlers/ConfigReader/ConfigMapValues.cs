using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.ConfigReader;

/// <summary>The values of one ConfigMap.</summary>
internal static class ConfigMapValues
{
    /// <summary>Adds what a source exports to the outputs; a key that is not there or is binary is a problem.</summary>
    public static void Export(JsonObject configMap, ConfigSource source, JsonObject outputs, ICollection<Problem> problems)
    {
        var name = ObjectKey.Of(configMap);
        var data = configMap["data"] as JsonObject ?? [];
        var binary = configMap["binaryData"] as JsonObject ?? [];
        foreach (var export in source.Exports)
        {
            if (data[export.Key] is { } value)
                outputs[export.Output] = value.DeepClone();
            else if (binary.ContainsKey(export.Key))
                problems.Add(new($"{export.Path}.key", $"\"{export.Key}\" of ConfigMap {name} is binary, and an output is text: put it under data"));
            else
                problems.Add(new($"{export.Path}.key", $"ConfigMap {name} has no key \"{export.Key}\": {Instead(export.Key, data)}"));
        }
    }

    private static string Instead(string key, JsonObject data)
    {
        var keys = data.Select(d => d.Key).ToList();
        return $"there is {(keys.Count == 0 ? "nothing" : string.Join(", ", keys))}{NearestName.Hint(key, keys)}";
    }
}
