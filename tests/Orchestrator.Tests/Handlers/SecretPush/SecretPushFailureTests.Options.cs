using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Options that AWS refuses.</summary>
public sealed partial class SecretPushFailureTests
{
    [Fact]
    public async Task Options_that_AWS_refuses_are_retried_with_growing_delays_and_heal_without_an_edit()
    {
        await using var push = await StartAsync();
        push.Faults.Queue("GetRandomPassword", Fault.InvalidRequest, 2);
        var status = (await push.Put(Config())).Status!;
        Assert.Equal(("Failed", "Rejected"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Equal("Failed", (await push.Advance(TimeSpan.FromMinutes(1))).Status!.Phase);
        await push.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(1))).Status!.Phase);
        Assert.Equal(3, push.Cluster.Calls("GetRandomPassword"));
    }

    // tests/field/kms-alias-comes-later
    [Theory]
    [InlineData("InvalidParameterException")]
    [InlineData("ValidationException")]
    [InlineData("ResourceNotFoundException")]
    public async Task A_KMS_alias_created_later_is_used_by_the_pending_write(string code)
    {
        await using var push = await StartAsync();
        push.Faults.Queue("CreateSecret", Fault.Refusal(code), 4);
        var status = (await push.Put(Config("""{"kmsKeyId":"alias/h-new"}"""))).Status!;
        Assert.Equal(("Failed", "Rejected"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Contains(code, status.Message!, StringComparison.Ordinal);
        var token = (string?)status.Applied!["pending"]!["token"];
        var message = status.Message;
        for (var i = 1; i <= 3; i++)
        {
            status = (await push.Advance(TimeSpan.FromMinutes(1 << (i - 1)))).Status!;
            Assert.Equal((message, token), (status.Message, (string?)status.Applied!["pending"]!["token"]));
            Assert.Equal(i + 1, push.Cluster.Calls("GetRandomPassword"));
        }

        status = (await push.Advance(TimeSpan.FromMinutes(8))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Equal(token, (string?)status.ProviderStatus!["versionId"]);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_KMS_key_that_AWS_refuses_for_an_existing_secret_is_retried_and_the_value_stays()
    {
        await using var push = await StartAsync();
        var version = (string?)(await push.Put(Config())).Status!.ProviderStatus!["versionId"];
        push.Faults.Queue("UpdateSecret", Fault.Refusal("InvalidParameterException"));
        var status = (await push.Put(Config("""{"kmsKeyId":"alias/h-new"}"""))).Status!;
        Assert.Equal(("Failed", "Rejected"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        status = (await push.Advance(TimeSpan.FromMinutes(6))).Status!;
        Assert.Equal(("Ready", version), (status.Phase, (string?)status.ProviderStatus!["versionId"]));
        Assert.Equal("alias/h-new", (await push.Describe()).Text("KmsKeyId"));
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
    }

    [Theory]
    [InlineData("CreateSecret", "InvalidParameterException")]
    [InlineData("CreateSecret", "AccessDeniedException")]
    [InlineData("GetRandomPassword", "InvalidParameterException")]
    public async Task A_write_refused_for_a_day_generates_values_about_once_an_hour(string operation, string code)
    {
        await using var push = await StartAsync();
        push.Faults.Queue(operation, Fault.Refusal(code), 1_000);
        await push.Put(Config());

        await push.Cluster.Advance(TimeSpan.FromDays(1), TimeSpan.FromMinutes(10));

        Assert.InRange(push.Cluster.Calls("GetRandomPassword"), 24, 32);
    }
}
