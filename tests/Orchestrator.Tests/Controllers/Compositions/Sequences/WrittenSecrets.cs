using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>Every version written to each secret, with its static value.</summary>
/// <param name="cluster">The cluster.</param>
internal sealed class WrittenSecrets(EmbeddedCluster cluster)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>The versions written since the last call: secret and value. Those of a deleted secret cannot be read, and are left out.</summary>
    public async Task<IReadOnlyList<(string Secret, string Value)>> New()
    {
        var written = new List<(string Secret, string Value)>();
        string? next = null;
        do
        {
            var page = (await cluster.ByHand("ListSecrets", new { MaxResults = 100, NextToken = next })).Ok();
            foreach (var name in page["SecretList"]!.AsArray().Select(s => (string)s!["Name"]!))
                await Add(name, written);
            next = (string?)page["NextToken"];
        }
        while (next is not null);
        return written;
    }

    private async Task Add(string name, List<(string Secret, string Value)> written)
    {
        var list = (await cluster.ByHand("ListSecretVersionIds", new { SecretId = name, IncludeDeprecated = true, MaxResults = 100 })).Ok();
        foreach (var id in list["Versions"]!.AsArray().Select(v => (string)v!["VersionId"]!).Where(known.Add))
        {
            var version = (await cluster.ByHand("GetSecretValue", new { SecretId = name, VersionId = id })).Ok();
            written.Add((name, (string)JsonNode.Parse((string)version["SecretString"]!)!["value"]!));
        }
    }
}
