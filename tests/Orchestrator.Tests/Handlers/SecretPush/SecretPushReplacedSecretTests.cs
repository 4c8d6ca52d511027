using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>A secret is deleted for good during a write, and another client creates a new one of its name: facts about the first do not apply to the
/// second.</summary>
public sealed class SecretPushReplacedSecretTests
{
    [Fact]
    public async Task A_version_of_an_earlier_secret_is_not_reported_of_one_that_is_taken_over()
    {
        await using var push = await StartAsync();
        await RecognizeAndLose(push);
        await CreateForeign(push);

        var status = (await push.Advance(TimeSpan.FromMinutes(5))).Status!;
        Assert.Contains("app-credentials: SecretAdopted", push.Cluster.Events);
        Assert.Null(status.ProviderStatus!["versionId"]);
        Assert.Null(status.Condition("Drifted"));
        Assert.Equal("Adopted", status.Condition("SecretPushed")!.Reason);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_version_of_an_earlier_secret_is_not_reported_after_a_takeover_whose_answer_was_lost()
    {
        await using var push = await StartAsync();
        await RecognizeAndLose(push);
        await CreateForeign(push);
        push.Faults.Queue("TagResource", Fault.CutAfter);

        await push.Advance(TimeSpan.FromMinutes(5));
        var status = (await push.Advance(TimeSpan.FromMinutes(5))).Status!;
        Assert.Null(status.Condition("Drifted"));
        Assert.Null(status.ProviderStatus!["versionId"]);
        Assert.Equal("Adopted", status.Condition("SecretPushed")!.Reason);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_write_that_AWS_says_it_has_makes_no_other_secret_ours()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}"""));
        push.Faults.Queue("UpdateSecret", Fault.Refusal("ResourceExistsException"));
        await push.Annotate("one");
        (await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true })).Ok();
        var theirs = await CreateForeign(push);

        var component = await push.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(("Failed", "Conflict"), (component.Status!.Phase, component.Status.Condition("Ready")!.Reason));
        await push.Delete();
        Assert.True(await push.IsThere());
        Assert.Equal(theirs, await push.VersionId());
    }

    // An earlier Component of the name wrote a value. This one recognizes it, and cannot restore the secret before it is deleted for good.
    private static async Task RecognizeAndLose(PushedSecret push)
    {
        await push.Put(Config());
        await push.Delete();
        push.Faults.Queue("RestoreSecret", Fault.InternalError);
        await push.Put(Config("""{"adopt":true}"""));
        (await push.Aws("DeleteSecret", new { SecretId = Name, ForceDeleteWithoutRecovery = true })).Ok();
    }

    private static async Task<string> CreateForeign(PushedSecret push)
    {
        var token = AwsJsonClient.NewToken();
        (await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = token })).Ok();
        return token;
    }
}
