using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush.Sequences;

/// <summary>A secret as anybody sees it who may list secrets; its versions are those with a label, the last two among them.</summary>
internal sealed record SeenSecret(
    string Arn, string Name, bool IsScheduled, IReadOnlyDictionary<string, string> Tags, string? Current, IReadOnlyList<string> Versions)
{
    /// <summary>Who holds it: what the owner tag says, or else who wrote the current version; null where neither tells.</summary>
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
