using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>A secret as any client that may list secrets sees it; its versions are those with a label, including the last two.</summary>
internal sealed record SeenSecret(
    string Arn, string Name, bool IsScheduled, IReadOnlyDictionary<string, string> Tags, string? Current, IReadOnlyList<string> Versions)
{
    /// <summary>The owner: from the owner tag, or else from the current version's id; null if neither names one.</summary>
    public string? OwnerDigest => Tags.TryGetValue(SecretOwner.TagKey, out var tag)
        ? tag.Split('/') is [var cluster, var ns, var name] ? new SecretOwner(cluster, ns, name).OwnerDigest : tag
        : VersionToken.Parse(Current)?.Owner;

    public static async Task<IReadOnlyList<SeenSecret>> All(AwsJsonClient aws)
    {
        var seen = new List<SeenSecret>();
        foreach (var secret in (await aws.Call("ListSecrets", new { IncludePlannedDeletion = true, MaxResults = 100 })).Ok()["SecretList"]!.AsArray())
        {
            var staged = secret!["SecretVersionsToStages"]?.AsObject() ?? [];
            seen.Add(new(
                (string)secret["ARN"]!,
                (string)secret[nameof(Name)]!,
                secret["DeletedDate"] is not null,
                (secret[nameof(Tags)]?.AsArray() ?? []).ToDictionary(t => (string)t!["Key"]!, t => (string)t!["Value"]!),
                staged.Where(v => v.Value!.AsArray().Any(label => (string?)label == "AWSCURRENT")).Select(v => v.Key).SingleOrDefault(),
                [.. staged.Select(v => v.Key)]));
        }

        return seen;
    }
}
