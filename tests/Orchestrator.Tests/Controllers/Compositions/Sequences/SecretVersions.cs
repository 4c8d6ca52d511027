namespace DeploymentOrchestrator.Tests.Controllers.Compositions.Sequences;

/// <summary>The state of a secret in AWS.</summary>
/// <param name="Current">The id of its current version; null if it has no value.</param>
/// <param name="IsScheduled">Whether it is scheduled for deletion.</param>
internal sealed record SecretVersions(string? Current, bool IsScheduled)
{
    /// <summary>All secrets, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, SecretVersions>> Of(EmbeddedCluster cluster)
    {
        var all = (await cluster.ByHand("ListSecrets", new { IncludePlannedDeletion = true, MaxResults = 100 })).Ok();
        return all["SecretList"]!.AsArray().ToDictionary(
            s => (string)s!["Name"]!,
            s => new SecretVersions(
                s!["SecretVersionsToStages"]?.AsObject().FirstOrDefault(v => v.Value!.AsArray().Any(stage => (string?)stage == "AWSCURRENT")).Key,
                s["DeletedDate"] is not null),
            StringComparer.Ordinal);
    }
}
