using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>The owner of a secret, and the secret's fate when names, owners and Components change.</summary>
public sealed partial class SecretPushOwnershipTests
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";
    private const string Foreign = "11111111-2222-4333-8444-555555555555";

    [Fact]
    public async Task A_foreign_secret_is_left_alone_under_IfNotExists()
    {
        await using var push = await StartAsync();
        var arn = await Make(push);
        var status = (await push.Put(Config())).Status!;

        Assert.Equal("Ready", status.Phase);
        Assert.Equal("the secret exists and belongs to an unknown owner (no owner tag): left untouched; set adopt: true to take it over", status.Message);
        Assert.Equal(["SecretsGenerated=False AlreadyExists", "SecretPushed=False AlreadyExists", "Ready=True Ready"],
            status.Conditions!.Select(c => $"{c.Type}={c.Status} {c.Reason}"));
        Assert.Equal(["secretArn", "secretName", "secretPath", "region"], status.ProviderStatus!.Select(o => o.Key));
        Assert.Equal(arn, (string?)status.ProviderStatus!["secretArn"]);
        await push.Advance(TimeSpan.FromHours(3));
        Assert.Equal(["app-credentials: OwnershipConflict"], push.Cluster.Events);

        await push.Delete();
        Assert.False(await push.Exists());
        await AssertUntouched(push);
    }

    [Fact]
    public async Task A_foreign_secret_without_a_value_is_reported_as_empty()
    {
        const string Empty =
            "the secret has no value (no AWSCURRENT), so External Secrets Operator cannot read it, and belongs to an unknown owner (no owner tag): "
            + "left untouched; set adopt: true to give it one, or put one into it";
        await using var push = await StartAsync();
        (await push.Aws("CreateSecret", new { Name, ClientRequestToken = Foreign })).Ok();
        var status = (await push.Put(Config())).Status!;
        Assert.Equal(("Ready", Empty, Empty, Empty),
            (status.Phase, status.Message, status.Condition("SecretsGenerated")!.Message, status.Condition("SecretPushed")!.Message));
        Assert.Contains("and has no value (no AWSCURRENT)", (await push.Put(Config(Always))).Status!.Message, StringComparison.Ordinal);

        // Both remedies in the message work.
        (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = Foreign })).Ok();
        Assert.StartsWith("the secret exists and belongs to ", (await push.Put(Config())).Status!.Message, StringComparison.Ordinal);
        Assert.Equal("Ready", (await push.Put(Config("""{"adopt":true}"""))).Status!.Phase);
    }

    [Fact]
    public async Task A_foreign_secret_is_a_conflict_under_AlwaysUpdate()
    {
        await using var push = await StartAsync();
        await Make(push);
        var status = (await push.Put(Config(Always))).Status!;
        Assert.Equal("Failed", status.Phase);
        Assert.Equal("Conflict", status.Condition("Ready")!.Reason);
        Assert.Contains("adopt: true", status.Message!, StringComparison.Ordinal);
        await push.Delete();
        await AssertUntouched(push);
    }

    [Theory]
    [InlineData("""{"adopt":true}""", 1)]
    [InlineData("""{"adopt":true,"updatePolicy":"AlwaysUpdate"}""", 2)]
    public async Task Adopt_takes_over_a_secret_by_its_owner_tag(string options, int versions)
    {
        await using var push = await StartAsync();
        await Make(push);
        var status = (await push.Put(Config(options))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Equal(versions, await push.Versions());
        Assert.Equal(versions == 2, status.ProviderStatus!.ContainsKey("versionId"));
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
        Assert.Contains("app-credentials: SecretAdopted", push.Cluster.Events);

        await push.Delete();
        Assert.False(await push.IsThere());
    }

    [Theory]
    [InlineData("IfNotExists")]
    [InlineData("AlwaysUpdate")]
    public async Task Two_Components_with_adopt_do_not_take_a_secret_from_each_other(string policy)
    {
        await using var push = await StartAsync();
        await Make(push);
        var adopting = $$"""{"adopt":true,"updatePolicy":"{{policy}}"}""";
        await push.Put(Config(adopting), "first");
        var second = (await push.Put(Config(adopting), "second")).Status!;
        Assert.Equal(("Failed", "Conflict"), (second.Phase, second.Condition("Ready")!.Reason));
        Assert.StartsWith("the secret belongs to default/first, an existing Component of this cluster: ", second.Message!, StringComparison.Ordinal);
        for (var i = 0; i < 12; i++)
            await push.Cluster.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("test-cluster/default/first", (await push.Tags())[SecretOwner.TagKey]);
        Assert.Equal("Ready", (await push.Cluster.Component("first")).Status!.Phase);
        Assert.Equal(policy == "IfNotExists" ? 1 : 4, await push.Versions());
        Assert.Single(push.Cluster.Events, "second: OwnershipConflict");

        // Once the first releases the secret, it is free.
        await push.Put(Config("""{"secretName":"myapp/other"}"""), "first");
        await push.Cluster.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("test-cluster/default/second", (await push.Tags())[SecretOwner.TagKey]);
    }

    [Fact]
    public async Task A_foreign_scheduled_secret_is_a_conflict_unless_adopted()
    {
        await using var push = await StartAsync();
        await Make(push);
        await push.Aws("DeleteSecret", new { SecretId = Name });
        Assert.Equal("Failed", (await push.Put(Config())).Status!.Phase);
        Assert.NotNull((await push.Describe())["DeletedDate"]);
        Assert.Equal("Ready", (await push.Put(Config("""{"adopt":true}"""))).Status!.Phase);
        Assert.Equal(Foreign, await push.VersionId());
        Assert.Equal(0, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task Delete_schedules_the_deletion_and_a_recreated_Component_generates_new_values()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var (arn, password) = ((await push.Describe()).Arn, (string?)(await push.Value())["password"]);
        await push.Delete();
        Assert.False(await push.Exists());
        Assert.Equal(push.Cluster.Time.GetUtcNow().AddDays(30), (await push.Describe()).Time("DeletedDate"));
        Assert.Equal("app-credentials: SecretDeleted", push.Cluster.Events[^1]);

        var component = await push.Put(Config());
        Assert.Equal("Ready", component.Status!.Phase);
        Assert.Equal(arn, (await push.Describe()).Arn);
        Assert.NotEqual(password, (string?)(await push.Value())["password"]);
        Assert.Equal((2, 2), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
        Assert.Equal(await push.VersionId(), (string?)component.Status.ProviderStatus!["versionId"]);
        await push.Advance(TimeSpan.FromHours(5));
        Assert.Equal(2, await push.Versions());
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task Delete_uses_the_recovery_window(int days)
    {
        await using var push = await StartAsync();
        await push.Put(Config($$"""{"recoveryWindowInDays":{{days}} }"""));
        await push.Delete();
        var secret = await push.Describe();
        if (days == 0)
            secret.Refused("ResourceNotFoundException");
        else
            Assert.Equal(push.Cluster.Time.GetUtcNow().AddDays(days), secret.Time("DeletedDate"));
    }

    [Fact]
    public async Task Retain_leaves_the_secret_and_the_next_Component_of_the_name_keeps_its_value()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""));
        var version = await push.VersionId();
        await push.Delete();
        Assert.True(await push.IsThere());
        Assert.Equal("app-credentials: SecretLeft", push.Cluster.Events[^1]);

        var status = (await push.Put(Config())).Status!;
        Assert.Equal(version, await push.VersionId());
        Assert.Equal((version, 2), ((string?)status.ProviderStatus!["versionId"], (int?)status.ProviderStatus["fieldCount"]));
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));

        // It is this Component's now: if another client deletes it, it is restored with its value.
        await push.Aws("DeleteSecret", new { SecretId = Name });
        await push.Annotate("look");
        Assert.Equal(version, await push.VersionId());
    }

    [Fact]
    public async Task A_lost_status_neither_rotates_the_value_nor_loses_the_ownership()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        var before = (await push.Cluster.Component("app-credentials")).Status!;
        await push.Advance(TimeSpan.FromMinutes(20));
        await push.LoseStatus();
        var after = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal(before.ProviderStatus!.ToJsonString(), after.ProviderStatus!.ToJsonString());
        Assert.Equal(1, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(2, await push.Versions());
        await push.LoseStatus();
        await push.Delete();
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task A_request_in_the_second_of_the_last_write_is_honoured_though_the_status_was_lost()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        await push.LoseStatus();
        await push.Annotate("now");
        Assert.Equal(2, await push.Versions());
    }

    [Fact]
    public async Task A_lost_status_under_a_foreign_value_brings_no_new_value_before_its_time()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = Foreign });
        await push.Advance(TimeSpan.FromMinutes(20));
        await push.LoseStatus();
        Assert.Equal(2, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(3, await push.Versions());
    }

    [Fact]
    public async Task A_status_older_than_the_secret_is_updated_to_the_newest_version_without_a_write()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        var backup =
            (await push.Cluster.Store.Get(ResourceType.Component, new("default", "app-credentials"), TestContext.Current.CancellationToken))!["status"]!;
        await push.Advance(TimeSpan.FromHours(1));
        await push.Advance(TimeSpan.FromMinutes(20));
        var component = (await push.Cluster.Store.Get(ResourceType.Component, new("default", "app-credentials"), TestContext.Current.CancellationToken))!;
        component["status"] = backup.DeepClone();
        await push.Cluster.Store.ReplaceStatus(component, TestContext.Current.CancellationToken);
        await push.Cluster.WhenQuiet();

        Assert.Equal(2, await push.Versions());
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal(await push.VersionId(), (string?)status.ProviderStatus!["versionId"]);
        Assert.Equal("2026-01-01T01:00:00Z", (string?)status.ProviderStatus["lastSyncTime"]);
        await push.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(3, await push.Versions());
    }

    private static async Task<string> Make(PushedSecret push) =>
        (await push.Aws("CreateSecret", new { Name, SecretString = """{"theirs":"x"}""", ClientRequestToken = Foreign })).Ok().Arn;

    private static async Task AssertUntouched(PushedSecret push)
    {
        Assert.True(await push.IsThere());
        Assert.Equal("x", (string?)(await push.Value())["theirs"]);
        Assert.Empty(await push.Tags());
        Assert.Equal(1, await push.Versions());
        Assert.Equal(0, push.Cluster.Calls("GetRandomPassword"));
    }

    [Theory]
    [InlineData(null, "arn:aws:iam::000000000000:role/writer")]
    [InlineData("arn:aws:iam::000000000000:role/writer", null)]
    [InlineData("arn:aws:iam::000000000000:role/writer", "arn:aws:iam::000000000000:role/another")]
    public async Task A_changed_role_reaches_the_same_secret(string? before, string? after)
    {
        await using var push = await StartAsync();
        var first = (await push.Put(Config(By(before)))).Status!;
        await push.Advance(TimeSpan.FromMinutes(10));
        var status = (await push.Put(Config(By(after)))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.True(await push.IsThere());
        Assert.Equal((1, 1), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
        Assert.Equal((string?)first.ProviderStatus!["versionId"], (string?)status.ProviderStatus!["versionId"]);
        Assert.Equal(after, (string?)Assert.Single(status.Applied!["targets"]!.AsArray())!["roleArn"]);
        await push.Delete();
        Assert.False(await push.IsThere());

        static string By(string? role) => role is null ? """{"recoveryWindowInDays":0}""" : $$"""{"recoveryWindowInDays":0,"roleArn":"{{role}}"}""";
    }
}
