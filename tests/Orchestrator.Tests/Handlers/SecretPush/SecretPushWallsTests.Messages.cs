using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>One team's messages reveal nothing of another team.</summary>
public sealed partial class SecretPushWallsTests
{
    [Theory]
    [InlineData("the tag", "a Component of another cluster")]
    [InlineData("the version", "a Component of another cluster")]
    [InlineData("unreadable words", "another owner")]
    public async Task A_secret_of_another_cluster_does_not_reveal_which_one(string by, string who)
    {
        await using var push = await WalledAsync();
        var owner = new SecretOwner("prod-7", "payroll", "wages");
        var token = new VersionToken(owner.OwnerDigest, "aaaaaaaa", "bbbbbbbbbbbb", 1_767_225_000, 0).ToString();
        var id = by == "the version" ? token : AwsJsonClient.NewToken();
        (await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = id })).Ok();
        if (by != "the version")
        {
            var tags = new[] { new { Key = OwnerTag, Value = by == "the tag" ? owner.TagValue : "payroll" } };
            (await push.Aws("TagResource", new { SecretId = Name, Tags = tags })).Ok();
        }

        var status = await PutIn(push, "team-b", Config());
        Assert.Equal(("Ready", $"the secret exists and belongs to {who}: left untouched; set adopt: true to take it over"), (status.Phase, status.Message));
        Assert.Contains($"belongs to {who}: choose another secretName", (await PutIn(push, "team-b", Config("""{"updatePolicy":"AlwaysUpdate"}"""))).Message!,
            StringComparison.Ordinal);
        var told = string.Join('\n', push.Cluster.EventTexts) + (await push.Cluster.Component("app", "team-b")).Status!.Message;
        foreach (var name in (string[])["prod-7", "payroll", "wages", owner.OwnerDigest])
            Assert.DoesNotContain(name, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_a_foreign_owner_wrote_into_ours_is_not_named()
    {
        await using var push = await WalledAsync();
        await PutIn(push, "team-b", Config());
        var owner = new SecretOwner("test-cluster", "payroll", "wages");
        var token = new VersionToken(
            owner.OwnerDigest, "aaaaaaaa", "bbbbbbbbbbbb", 1_767_225_000, 0, owner.NamespaceDigest).ToString();
        (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = token })).Ok();
        await push.Cluster.Advance(TimeSpan.FromHours(1));
        var drifted = (await push.Cluster.Component("app", "team-b")).Status!.Condition("Drifted")!;
        Assert.Equal("the current version was written by another client", drifted.Message);
    }

    [Fact]
    public async Task Within_a_namespace_an_owner_is_named()
    {
        await using var push = await WalledAsync();
        await push.Put(Config(), "first");
        Assert.StartsWith("the secret belongs to default/first, an existing Component of this cluster: ", (await push.Put(Config(), "second")).Status!.Message,
            StringComparison.Ordinal);
        await push.Delete("first");
        Assert.Contains($"first: SecretLeft: left {Name} in place: default/second names it too", push.Cluster.EventTexts);
        Assert.Contains($"second: SecretAdopted: took over {Name}: it belongs to test-cluster/default/first, which is gone: its value is kept",
            push.Cluster.EventTexts);
    }

    [Fact]
    public async Task Adopt_takes_an_abandoned_foreign_secret_over_without_naming_its_owner()
    {
        await using var push = await WalledAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        Assert.Equal("Ready", (await PutIn(push, "team-b", Config(Adopting))).Phase);
        Assert.Equal((version, "test-cluster/team-b/app"), (await push.VersionId(), (await push.Tags())[OwnerTag]));
        Assert.Contains($"app: SecretAdopted: took over {Name}: it belongs to a Component of another namespace, and adopt is true: its value is kept",
            push.Cluster.EventTexts);
        AssertNothingRevealed(push);
    }
}
