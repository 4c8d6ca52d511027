using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Everything that a Composition creates, in a form that is equal for two clusters that reached the same state in different ways.</summary>
internal static class WorldPicture
{
    private static readonly ResourceType[] Written = [ResourceType.Component, ResourceType.ConfigMap, SimulatedDatabases.Type];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A line for each object, each output and each secret.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="isLeftOver">Whether no resource knows a ConfigMap or secret of this name any more.</param>
    public static async Task<string> Of(EmbeddedCluster cluster, Func<string, bool>? isLeftOver = null)
    {
        var lines = new List<string>();
        foreach (var type in Written)
        {
            foreach (var resource in (await cluster.Store.List(type, RandomComposition.Namespace, Cancellation)).Items.Where(r =>
                isLeftOver?.Invoke(ObjectKey.Of(r).Name) != true))
            {
                lines.Add(Line(resource));
                if (type == ResourceType.Component)
                    lines.Add($"  gives {await Outputs(cluster, resource)}");
            }
        }

        var secrets = (await cluster.ByHand("ListSecrets", new { MaxResults = 100 })).Ok()["SecretList"]!.AsArray();
        lines.AddRange(secrets.Select(s => (string)s!["Name"]!).Where(name => isLeftOver?.Invoke(name) != true)
            .Select(name => string.Create(CultureInfo.InvariantCulture, $"secret {name}")).Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    // The restore label does not count.
    private static string Line(JsonObject resource)
    {
        var metadata = resource["metadata"]!;
        var finalizers = string.Join(',', (metadata["finalizers"]?.AsArray() ?? []).Select(f => (string)f!).Order(StringComparer.Ordinal));
        var labels = string.Join(',', (metadata["labels"] as JsonObject ?? []).Where(l => l.Key.StartsWith(ApiGroup.Name, StringComparison.Ordinal))
            .Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal));
        var owner = metadata["ownerReferences"]?.AsArray().FirstOrDefault(o => (bool?)o!["controller"] == true)?["name"];
        var maker = metadata["annotations"]?["deployment-orchestrator.io/owner"];
        return $"{metadata["name"]} {resource["status"]?["phase"]} <{finalizers}> [{labels}] of {owner}{maker} "
            + $"{resource["spec"]?.ToJsonString()}{resource["data"]?.ToJsonString()}";
    }

    // For a secret its name only, as its other outputs have times and ids; and its value, if that must be the latest.
    private static async Task<string?> Outputs(EmbeddedCluster cluster, JsonObject child)
    {
        var outputs = child["status"]?["providerStatus"];
        var config = child["spec"]!["config"];
        if ((string?)child["spec"]!["handler"] != "secret-push")
            return outputs?.ToJsonString();
        if ((string?)config!["updatePolicy"] != RandomEntry.AlwaysUpdate)
            return (string?)outputs?["secretName"];
        var secret = await cluster.ByHand("GetSecretValue", new { SecretId = (string?)config["secretName"] });
        return $"{outputs?["secretName"]} with {JsonNode.Parse((string)secret.Ok()["SecretString"]!)!["value"]}";
    }
}
