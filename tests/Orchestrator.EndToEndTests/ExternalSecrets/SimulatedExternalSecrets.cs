using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DeploymentOrchestrator.EndToEndTests.ExternalSecrets;

/// <summary>Simulates External Secrets Operator, which does not run in these tests.</summary>
internal static partial class SimulatedExternalSecrets
{
    /// <summary>The data of an ExternalSecret's template, filled in from the secret and the version that it names.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Templated(JsonObject externalSecret, SecretsManagerProcess secretsManager)
    {
        var spec = externalSecret["spec"]!;
        var extract = spec["dataFrom"]![0]!["extract"]!;
        var value = await secretsManager.Value((string)extract["key"]!, ((string?)extract["version"])?["uuid/".Length..]);
        return spec["target"]!["template"]!["data"]!.AsObject().ToDictionary(
            d => d.Key, d => Field().Replace((string)d.Value!, m => (string)value[m.Groups["name"].Value]!), StringComparer.Ordinal);
    }

    /// <summary>The status that it writes once it has created the Secret for the current ExternalSecret.</summary>
    public static JsonObject Synced(JsonObject externalSecret) => new()
    {
        ["conditions"] = new JsonArray
        {
            new JsonObject { ["type"] = "Ready", ["status"] = "True", ["reason"] = "SecretSynced", ["message"] = "secret synced" },
        },
        ["syncedResourceVersion"] = $"{externalSecret["metadata"]!["generation"]}-played",
    };

    [GeneratedRegex(@"\{\{ \.(?<name>[a-z_]+) \}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();
}
