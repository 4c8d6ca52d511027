using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.Observed;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class SecretMetadataTests
{
    private static readonly SecretPushConfig Full = Plain with { KmsKeyId = "key", Description = "text", Tags = Tags(("a", "1"), ("b", "2")) };

    [Fact]
    public void Metadata_that_was_sent_is_not_sent_again_even_if_somebody_changed_it()
    {
        var secret = Described(Token(), Me) with { KmsKeyId = "theirs", Description = "theirs" };
        var changes = SecretMetadata.Changes(Full, Me, secret, new SentMetadata(Full.KmsKeyId, Full.Description, Full.Tags));
        Assert.Null(changes.KmsKeyId);
        Assert.Null(changes.Description);
        Assert.Empty(changes.Tags);
        Assert.Empty(changes.TagsToRemove);
    }

    [Fact]
    public void Metadata_that_changed_in_the_spec_is_sent()
    {
        var sent = new SentMetadata(Full.KmsKeyId, Full.Description, Full.Tags);
        var changes = SecretMetadata.Changes(
            Full with { KmsKeyId = "other", Description = "", Tags = Tags(("a", "3"), ("c", "4")) }, Me, Described(Token(), Me), sent);
        Assert.Equal(("other", ""), (changes.KmsKeyId, changes.Description));
        Assert.Equal(Tags(("a", "3"), ("c", "4")), changes.Tags);
        Assert.Equal(["b"], changes.TagsToRemove);
    }

    [Fact]
    public void A_KMS_key_or_description_absent_from_the_spec_is_left_alone()
    {
        var changes = SecretMetadata.Changes(Plain, Me, Described(Token(), Me) with { KmsKeyId = "theirs", Description = "theirs" }, null);
        Assert.Equal((null, null), (changes.KmsKeyId, changes.Description));
        Assert.Empty(changes.TagsToRemove);
    }

    [Fact]
    public void Metadata_is_compared_with_the_secret_when_the_last_sent_one_is_unknown()
    {
        var secret = Described(Token(), Me) with { KmsKeyId = "key", Description = "text" };
        var tagged = secret with { Tags = new Dictionary<string, string>(secret.Tags) { ["a"] = "1", ["foreign"] = "x" } };
        var changes = SecretMetadata.Changes(Full, Me, tagged, null);
        Assert.Equal((null, null), (changes.KmsKeyId, changes.Description));
        Assert.Equal(Tags(("b", "2")), changes.Tags);
        Assert.Empty(changes.TagsToRemove);
    }

    [Fact]
    public void A_changed_owner_tag_is_restored()
    {
        Assert.Equal(Tags((SecretOwner.TagKey, Me.TagValue)),
            SecretMetadata.Changes(Plain, Me, Described(Token()), new SentMetadata(Plain.KmsKeyId, Plain.Description, Plain.Tags)).Tags);
        Assert.Equal(Tags((SecretOwner.TagKey, Me.TagValue)), SecretMetadata.Changes(Plain, Me, Described(Token(), Gone), null).Tags);
        Assert.Equal(Tags(("a", "1"), ("b", "2"), (SecretOwner.TagKey, Me.TagValue)), SecretMetadata.AllTags(Full, Me));
    }

    private static Dictionary<string, string> Tags(params (string Key, string Value)[] tags) => tags.ToDictionary(t => t.Key, t => t.Value);
}
