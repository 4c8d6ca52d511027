using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>The changes of a secret's key, description and tags, compared with what was last sent, so that foreign changes stay. Pure.</summary>
/// <param name="KmsKeyId">The new key; null for no change.</param>
/// <param name="Description">The new description; null for no change.</param>
/// <param name="Tags">Tags to set.</param>
/// <param name="TagsToRemove">Our tags that the spec no longer has.</param>
internal sealed record SecretMetadata(
    string? KmsKeyId, string? Description, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> TagsToRemove)
{
    /// <summary>No change.</summary>
    public static readonly SecretMetadata None = new(null, null, new Dictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>Whether nothing changes.</summary>
    public bool IsEmpty => KmsKeyId is null && Description is null && Tags.Count == 0 && TagsToRemove.Count == 0;

    /// <summary>The changes that a secret needs.</summary>
    public static SecretMetadata Changes(SecretPushConfig config, SecretOwner owner, SecretDescription secret, SentMetadata? sent)
    {
        // A demanded tag is set again, whoever removed it.
        bool IsDemanded(string key) => config.MandatoryTags.Contains(key, StringComparer.Ordinal);
        var tags = config.Tags
            .Where(tag => (IsDemanded(tag.Key) ? secret.Tags : sent?.Tags ?? secret.Tags).GetValueOrDefault(tag.Key) != tag.Value)
            .ToDictionary(StringComparer.Ordinal);
        if (secret.Tags.GetValueOrDefault(SecretOwner.TagKey) != owner.TagValue)
            tags[SecretOwner.TagKey] = owner.TagValue;
        return new(
            config.KmsKeyId is { } key && key != (sent is null ? secret.KmsKeyId : sent.KmsKeyId) ? key : null,
            config.Description is { } text && text != (sent is null ? secret.Description : sent.Description) ? text : null,
            tags,
            [.. (sent?.Tags ?? config.Tags).Keys.Where(key => !config.Tags.ContainsKey(key)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>All tags of a new secret.</summary>
    public static IReadOnlyDictionary<string, string> AllTags(SecretPushConfig config, SecretOwner owner) =>
        new Dictionary<string, string>(config.Tags, StringComparer.Ordinal) { [SecretOwner.TagKey] = owner.TagValue };
}

/// <summary>The metadata that was last sent; a key or description is null if the spec has none.</summary>
internal sealed record SentMetadata(string? KmsKeyId, string? Description, IReadOnlyDictionary<string, string>? Tags);
