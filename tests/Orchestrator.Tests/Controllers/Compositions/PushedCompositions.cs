using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions;

/// <summary>Compositions whose entries push secrets, and those secrets in AWS.</summary>
internal static class PushedCompositions
{
    public const string Plain =
        """{"name":"plain","type":"secret-push","config":{"secretName":"NS/plain","fields":{"p":{"generator":{"passwordLength":20}}}}}""";
    public const string Fresh =
        """{"name":"fresh","type":"secret-push","config":{"secretName":"NS/fresh","updatePolicy":"AlwaysUpdate","fields":"""
        + """{"p":{"generator":{"passwordLength":20}}}}}""";

    /// <summary>Creates a Composition in the namespace default, or replaces its entries; NS in them stands for its name.</summary>
    public static Task PutComposition(EmbeddedCluster cluster, string name, params string[] entries) => cluster.Put(
        NewResource.Composition("default", name, entries.Select(e => JsonNode.Parse(e.Replace("NS", name, StringComparison.Ordinal))!)));

    /// <summary>Each secret of every region with its versions, and whether it is scheduled for deletion.</summary>
    public static async Task<IReadOnlyList<string>> Versions(EmbeddedCluster cluster)
    {
        var lines = new List<string>();
        foreach (var secret in (await cluster.ByHand("ListSecrets", new { IncludePlannedDeletion = true, MaxResults = 100 })).Ok()["SecretList"]!.AsArray())
        {
            var described = (await cluster.ByHand("DescribeSecret", new { SecretId = (string)secret!["ARN"]! })).Ok();
            var versions = string.Join(' ', described["VersionIdsToStages"]!.AsObject().Select(v => v.Key).Order(StringComparer.Ordinal));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{described["Name"]} {versions}, {(described["DeletedDate"] is null ? "there" : "going")}"));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
