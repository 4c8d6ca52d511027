using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Resources;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Secrets that are released, retained and taken over.</summary>
public sealed partial class SecretPushOwnershipTests
{
    [Theory]
    [InlineData("""{"secretName":"myapp/other"}""", "myapp/other", "us-east-1")]
    [InlineData("""{"region":"eu-west-1"}""", Name, "eu-west-1")]
    public async Task A_changed_name_or_region_creates_the_new_secret_and_then_releases_the_old_one(string options, string name, string region)
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var calls = push.Cluster.SecretsManager.Calls.Snapshot().Count;
        var status = (await push.Put(Config(options))).Status!;

        Assert.True(await push.IsThere(name, region));
        Assert.False(await push.IsThere());
        Assert.Equal((name, region), ((string?)status.ProviderStatus!["secretName"], (string?)status.ProviderStatus["region"]));
        Assert.Single(status.Applied!["targets"]!.AsArray());
        Assert.Equal(["CreateSecret", "DeleteSecret"],
            push.Cluster.SecretsManager.Calls.Snapshot().Skip(calls).Select(c => c.Operation).Where(o => o is "CreateSecret" or "DeleteSecret"));

        await push.Delete();
        Assert.False(await push.IsThere(name, region));
    }

    [Fact]
    public async Task A_secretName_changed_and_changed_back_reports_the_secret_that_it_names()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""));
        var first = await push.VersionId();
        await push.Advance(TimeSpan.FromMinutes(3));
        await push.Put(Config("""{"deletionPolicy":"Retain","secretName":"myapp/other"}""", username: "root"));
        var status = (await push.Put(Config("""{"deletionPolicy":"Retain"}"""))).Status!;
        Assert.Equal(first, (string?)status.ProviderStatus!["versionId"]);
        Assert.Equal("2026-01-01T00:00:00Z", (string?)status.ProviderStatus["lastSyncTime"]);
        Assert.Equal("secret myapp/prod/credentials is in AWS Secrets Manager in us-east-1", status.Message);
        Assert.Equal(1, await push.Versions());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_old_secret_that_was_just_created_again_is_released_although_the_answer_was_lost(bool isRenamedToHeld)
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"secretName":"myapp/other"}"""), "other");
        await push.Put(Config());
        await push.Advance(TimeSpan.FromMinutes(3));
        (await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true })).Ok();
        push.Faults.Queue("CreateSecret", Fault.CutAfter);
        await push.Annotate("now");
        Assert.True(await push.IsThere());

        await push.Put(Config($$"""{"secretName":"myapp/{{(isRenamedToHeld ? "other" : "third")}}"}"""));
        await push.Delete("other");
        await push.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task An_old_secret_that_cannot_be_deleted_does_not_hide_the_status_of_the_new_one()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        push.Faults.DenyAlways("DeleteSecret");
        var status = (await push.Put(Config("""{"secretName":"myapp/other"}"""))).Status!;
        Assert.Equal(("Failed", "myapp/other"), (status.Phase, (string?)status.ProviderStatus!["secretName"]));
        Assert.StartsWith("needs secretsmanager:DeleteSecret: ", status.Message, StringComparison.Ordinal);
        Assert.Equal(2, status.Applied!["targets"]!.AsArray().Count);

        push.Faults.Allow("DeleteSecret");
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(5))).Status!.Phase);
        Assert.False(await push.IsThere());
        Assert.Equal(1, await push.Versions("myapp/other"));
    }

    [Fact]
    public async Task A_Component_created_under_another_name_after_the_first_is_gone_keeps_the_value()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        var version = await push.VersionId();
        await push.Delete("first");
        Assert.False(await push.IsThere());
        Assert.Equal("Ready", (await push.Put(Config(), "second")).Status!.Phase);
        Assert.Equal(version, await push.VersionId());
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task A_restored_secret_is_released_again_although_the_answer_was_lost()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Delete("first");
        push.Faults.Queue("RestoreSecret", Fault.CutAfter);
        await push.Put(Config(), "second");
        Assert.True(await push.IsThere());
        await push.Delete("second");
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task An_adopted_secret_with_the_name_of_a_deleted_one_has_no_version_of_ours()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Advance(TimeSpan.FromMinutes(3));
        await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true });
        var arn = await Make(push);
        var status = (await push.Put(Config("""{"adopt":true}"""))).Status!;
        Assert.Equal(["secretArn", "secretName", "secretPath", "region"], status.ProviderStatus!.Select(o => o.Key));
        Assert.Equal(arn, (string?)status.ProviderStatus!["secretArn"]);
        Assert.Equal("Adopted", status.Condition("SecretPushed")!.Reason);
    }

    [Fact]
    public async Task A_config_that_became_invalid_neither_deletes_the_secret_nor_blocks_its_deletion()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"recoveryWindowInDays":7}"""));
        await push.Put(Config("""{"secretName":"no name","recoveryWindowInDays":14}"""));
        Assert.True(await push.IsThere());
        await push.Delete();
        Assert.False(await push.Exists());
        Assert.Equal(push.Cluster.Time.GetUtcNow().AddDays(14), (await push.Describe()).Time("DeletedDate"));
    }

    [Fact]
    public async Task Retain_set_during_a_deletion_keeps_the_secret()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        push.Faults.DenyAlways("DeleteSecret");
        await push.Delete();
        var stuck = await push.Cluster.Component("app-credentials");
        Assert.Equal("TerminationFailed", stuck.Status!.Phase);
        await push.Cluster.PutComponent("app-credentials", Config("""{"deletionPolicy":"Retain"}"""));
        await push.Cluster.WhenQuiet();
        Assert.False(await push.Exists());
        Assert.True(await push.IsThere());
    }

    [Fact]
    public async Task A_deleted_Component_leaves_the_secret_to_one_that_reaches_it_by_another_role()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Put(Config("""{"roleArn":"arn:aws:iam::000000000000:role/writer"}"""), "second");
        await push.Delete("first");
        Assert.True(await push.IsThere());
        await push.Advance(TimeSpan.FromMinutes(6), "second");
        Assert.Equal("test-cluster/default/second", (await push.Tags())["deployment-orchestrator.io/owner"]);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_successor_deleted_before_it_takes_over_releases_the_secret()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Put(Config(), "second");
        await push.Delete("first");
        Assert.True(await push.IsThere());
        await push.Delete("second");
        Assert.False(await push.Exists("second"));
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task A_Component_that_never_waited_for_a_retained_secret_does_not_take_it_over()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"deletionPolicy":"Retain"}"""), "first");
        await push.Delete("first");
        push.Faults.DenyAlways("DescribeSecret");
        await push.Put(Config(), "second");
        push.Faults.Allow("DescribeSecret");
        await push.Delete("second");
        Assert.True(await push.IsThere());
    }

    [Fact]
    public async Task A_secret_follows_its_Component_into_another_namespace()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        await push.Cluster.Put(NewResource.Namespace("team-b"));
        await push.Cluster.Put(NewResource.Component("team-b", "app-credentials", "secret-push", Config()));
        await push.Cluster.WhenQuiet();
        await push.Delete();
        await push.Cluster.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("test-cluster/team-b/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
        Assert.Equal("Ready", (await push.Cluster.Component("app-credentials", "team-b")).Status!.Phase);
        Assert.Equal((1, 1), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
    }

    [Fact]
    public async Task A_takeover_whose_answer_was_lost_is_released_if_the_spec_names_another_secret_by_then()
    {
        await using var push = await StartAsync();
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Foreign });
        push.Faults.Queue("TagResource", Fault.CutAfter);
        Assert.Equal("Deploying", (await push.Put(Config("""{"adopt":true}"""))).Status!.Phase);
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);

        await push.Put(Config("""{"adopt":true,"secretName":"myapp/other"}"""));
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(3))).Status!.Phase);
        Assert.False(await push.IsThere());
        Assert.True(await push.IsThere("myapp/other"));
    }

    // Random sequence 507213.
    [Fact]
    public async Task A_secret_that_was_recreated_is_deleted_though_the_answer_to_its_create_was_lost()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        (await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true })).Ok();
        await push.Cluster.Advance(TimeSpan.FromMinutes(5));
        push.Faults.Queue("CreateSecret", Fault.CutAfter);
        await push.Annotate("2026-01-01T00:00:00Z");
        Assert.True(await push.IsThere());

        await push.Delete();
        await push.Cluster.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await push.Exists());
        Assert.False(await push.IsThere());
    }

    // Random sequence 5965.
    [Fact]
    public async Task A_takeover_whose_answer_was_lost_forgets_the_version_of_the_secret_that_it_replaces()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"adopt":true}"""));
        var gone = await push.VersionId();
        (await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true })).Ok();
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Foreign });
        push.Faults.Queue("TagResource", Fault.CutAfter);
        await push.Annotate("2026-01-01T00:00:00Z");

        var taken = await push.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal("test-cluster/default/app-credentials", (await push.Tags())[SecretOwner.TagKey]);
        Assert.Equal("Ready", taken.Status!.Phase);
        Assert.NotEqual(gone, (string?)taken.Status.ProviderStatus!["versionId"]);
        Assert.NotEqual(gone, (string?)taken.Status.Applied!["versionId"]);
    }

    [Fact]
    public async Task A_secret_taken_over_from_a_deleted_Component_is_released_although_a_new_one_has_its_name()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Delete("first");
        // So that the tag still names the former owner.
        push.Faults.DenyAlways("TagResource");
        await push.Put(Config());
        Assert.Equal("test-cluster/default/first", (await push.Tags())[SecretOwner.TagKey]);
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config("""{"secretName":"myapp/first"}"""), "first");

        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config("""{"secretName":"myapp/other"}"""));
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(3))).Status!.Phase);
        Assert.False(await push.IsThere());
        Assert.True(await push.IsThere("myapp/first"));
        Assert.True(await push.IsThere("myapp/other"));
    }
}
