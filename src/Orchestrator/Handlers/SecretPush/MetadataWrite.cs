using System.Globalization;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>Brings a secret's key, description and tags to what the spec says, without touching its value.</summary>
internal sealed class MetadataWrite(ISecretsManager client, SecretPushConfig config, SecretOwner owner, SecretProgress progress)
{
    /// <summary>What has to change.</summary>
    public SecretMetadata Changes(SecretDescription secret) => SecretMetadata.Changes(config, owner, secret, progress.Applied.Sent);

    /// <summary>Changes what has to.</summary>
    public async Task Change(SecretDescription secret, CancellationToken cancellation)
    {
        var changes = Changes(secret);
        if (changes.KmsKeyId is not null || changes.Description is not null)
        {
            // AWS wants a token here too, which becomes no version. One that was used before might change nothing: back to an earlier text is another change.
            var state = secret.LastChangedDate?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "";
            var token = $"do1m-{ShortDigest.Of(40, "do1", "metadata", owner.OwnerDigest, changes.KmsKeyId ?? "", changes.Description ?? "", state)}";
            await client.UpdateSecret(new(secret.Arn, token, null, changes.KmsKeyId, changes.Description), cancellation);
        }

        await ChangeTags(changes, cancellation);
    }

    /// <summary>Changes the tags; key and description have been sent by now.</summary>
    public async Task ChangeTags(SecretMetadata changes, CancellationToken cancellation)
    {
        var arn = progress.Target.Arn!;
        var sent = changes.Tags.Count == 0
            || await progress.OrDoWithout(SecretProgress.TagResource, () => client.TagResource(arn, changes.Tags, cancellation));
        sent &= changes.TagsToRemove.Count == 0
            || await progress.OrDoWithout("secretsmanager:UntagResource", () => client.UntagResource(arn, changes.TagsToRemove, cancellation));
        Sent(tagsToo: sent);
    }

    /// <summary>Notes that all was sent; tags that were done without are not: they follow once the right is given.</summary>
    public void Sent(bool tagsToo)
    {
        var sent = SecretMetadata.Sent(config);
        progress.Applied = progress.Applied with { Sent = tagsToo ? sent : sent with { Tags = progress.Applied.Sent?.Tags } };
    }
}
