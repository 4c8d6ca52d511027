using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Values unknown to the state: hidden under two foreign ones, so that DescribeSecret shows none of ours, and after a restore from a
/// backup.</summary>
public sealed class SecretPushHiddenVersionTests
{
    private const string Always = """{"updatePolicy":"AlwaysUpdate"}""";

    [Fact]
    public async Task A_version_that_was_recognised_once_is_remembered()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        var version = await push.VersionId();
        var backup = await push.BackUp();
        await WriteForeign(push);
        await push.RestoreBackup(backup, withStatus: false);
        await WriteForeign(push);
        await push.Cluster.Restart();

        var status = (await push.Advance(TimeSpan.FromMinutes(59))).Status!;
        Assert.Equal(3, await push.Versions());
        Assert.Equal(version, (string?)status.ProviderStatus!["versionId"]);
        Assert.NotNull(status.Condition("Drifted"));
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, await push.Versions());
    }

    [Fact]
    public async Task A_version_that_was_inherited_is_remembered()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always), "first");
        await push.Delete("first");
        await push.Put(Config(Always), "second");
        await WriteForeign(push);
        await WriteForeign(push);
        await push.Cluster.Restart();
        await push.Advance(TimeSpan.FromMinutes(59), "second");
        Assert.Equal(3, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(1), "second");
        Assert.Equal(4, await push.Versions());
    }

    [Theory]
    [InlineData("IfNotExists", 3)]
    [InlineData("AlwaysUpdate", 4)]
    public async Task With_the_status_lost_too_AlwaysUpdate_writes_a_new_value_and_IfNotExists_leaves_it(string policy, int versions)
    {
        await using var push = await StartAsync();
        await push.Put(Config($$"""{"updatePolicy":"{{policy}}"}"""));
        await WriteForeign(push);
        await WriteForeign(push);
        await push.Advance(TimeSpan.FromMinutes(1));
        await push.LoseStatus();
        Assert.Equal(versions, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(versions, await push.Versions());
    }

    [Fact]
    public async Task A_value_due_in_the_second_of_an_unknown_version_is_written_once_AWS_has_refused_its_token()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        var created = VersionToken.Parse(await push.VersionId())!;
        await WriteForeign(push);
        await WriteForeign(push);
        await push.LoseStatus();

        var status = (await push.Put(Config(Always))).Status!;
        Assert.Equal("AWS says that the value was written, and does not show it yet", status.Message);
        Assert.Equal(3, await push.Versions());
        await push.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(3, await push.Versions());
        await push.Advance(SecretDecision.RecheckInterval);
        Assert.Equal(4, await push.Versions());
        Assert.True(VersionToken.Parse(await push.VersionId())!.Occasion > created.Occasion);
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_not_repeated()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.Queue("UpdateSecret", Fault.CutAfter);
        await push.Annotate("one");
        var version = await push.VersionId();
        await WriteForeign(push);
        await WriteForeign(push);

        await push.Advance(TimeSpan.FromMinutes(1));
        var status = (await push.Advance(TimeSpan.FromMinutes(3))).Status!;
        Assert.Equal(4, await push.Versions());
        Assert.Equal((version, "2026-01-01T00:00:01Z"), ((string?)status.ProviderStatus!["versionId"], (string?)status.ProviderStatus["lastSyncTime"]));
        Assert.NotNull(status.Condition("Drifted"));
        Assert.Null(status.Applied!["pending"]);
    }

    [Fact]
    public async Task A_request_after_a_write_whose_answer_was_lost_is_honoured()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.Queue("UpdateSecret", Fault.CutAfter);
        await push.Annotate("one");
        await WriteForeign(push);
        await WriteForeign(push);
        await push.Annotate("two");
        await push.Advance(TimeSpan.FromMinutes(1));
        await push.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(5, await push.Versions());
        var written = VersionToken.Parse(await push.VersionId())!;
        Assert.Equal(0, written.Attempt);
        await push.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(5, await push.Versions());
    }

    [Fact]
    public async Task A_policy_that_became_AlwaysUpdate_after_a_lost_CreateSecret_writes_once_for_an_occasion_of_its_own()
    {
        await using var push = await StartAsync();
        push.Faults.Queue("CreateSecret", Fault.CutAfter);
        await push.Put(Config());
        var created = VersionToken.Parse(await push.VersionId())!;
        await WriteForeign(push);
        await WriteForeign(push);
        await push.Put(Config(Always));
        await push.Advance(TimeSpan.FromMinutes(1));
        await push.Advance(TimeSpan.FromMinutes(3));
        var written = VersionToken.Parse(await push.VersionId())!;
        Assert.Equal(4, await push.Versions());
        Assert.True(written.Occasion > created.Occasion && written.Attempt == 0, $"{created} and then {written}");
    }

    // A version without a label under the guessed id of the next slot: AWS refuses the id, and nothing was written.
    [Fact]
    public async Task A_refused_version_id_hidden_under_a_value_of_ours_is_followed_by_the_next_attempt()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        var guess = VersionToken.Parse(await push.VersionId())! is var token ? token with { Occasion = token.Occasion + 3600 } : null;
        (await push.Aws("PutSecretValue",
            new { SecretId = Name, SecretString = "theirs", ClientRequestToken = $"{guess}", VersionStages = new[] { "X" } })).Ok();
        (await push.Aws("UpdateSecretVersionStage", new { SecretId = Name, VersionStage = "X", RemoveFromVersionId = $"{guess}" })).Ok();
        await push.Advance(TimeSpan.FromHours(1));
        await push.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal($"{guess! with { Attempt = 1 }}", await push.VersionId());
    }

    [Theory]
    [InlineData(true, "admin", 3)]
    [InlineData(false, "admin", 3)]
    [InlineData(true, "root", 1)]
    public async Task A_backup_from_before_a_rename_and_an_edit_gets_the_value_of_its_own_fields(bool withStatus, string username, int versions)
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always, username), "first");
        var backup = await push.BackUp();
        await push.Delete("first");
        await push.Put(Config(Always, "root"), "second");
        await push.RestoreBackup(backup, withStatus);
        Assert.Equal((username, versions), ((string?)(await push.Value())["username"], await push.Versions()));
        await push.Advance(TimeSpan.FromMinutes(59), "first");
        Assert.Equal(versions, await push.Versions());
    }

    // Its version id has an earlier time than the previous version.
    [Fact]
    public async Task A_successor_that_finishes_an_old_write_of_its_own_does_not_write_again()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("GetRandomPassword");
        await push.Put(Config(Always, "root"), "second");
        push.Faults.Allow("GetRandomPassword");
        await push.Advance(TimeSpan.FromSeconds(30), "second");
        await push.Put(Config(Always), "first");
        await push.Delete("first");
        await push.Advance(TimeSpan.FromMinutes(5), "second");
        Assert.Equal("root", (string?)(await push.Value())["username"]);
        Assert.Equal(2, await push.Versions());
        await push.Cluster.Restart();
        await push.Advance(TimeSpan.FromMinutes(5), "second");
        Assert.Equal(2, await push.Versions());
    }

    // As restored from a backup of etcd, with the uid: its status has an older write in progress.
    [Fact]
    public async Task A_write_that_was_begun_in_an_old_status_is_over_once_a_later_one_of_ours_is_shown()
    {
        await using var push = await StartAsync();
        await push.Put(Config(Always));
        push.Faults.Queue("UpdateSecret", Fault.CutAfter);
        await push.Advance(TimeSpan.FromHours(1));
        var old = (await push.Stored())["status"]!.DeepClone();
        Assert.NotNull(old["applied"]!["pending"]);
        for (var i = 0; i < 3; i++)
            await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, await push.Versions());

        var component = await push.Stored();
        component["status"] = old;
        await push.Cluster.Store.ReplaceStatus(component, TestContext.Current.CancellationToken);
        for (var minute = 0; minute < 59; minute++)
            await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(5, await push.Versions());
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(6, await push.Versions());
    }

    private static async Task WriteForeign(PushedSecret push) =>
        (await push.Aws("PutSecretValue", new { SecretId = Name, SecretString = "theirs", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
}
