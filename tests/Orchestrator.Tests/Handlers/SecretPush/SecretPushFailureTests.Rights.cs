using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Missing rights.</summary>
public sealed partial class SecretPushFailureTests
{
    [Theory]
    [InlineData("DescribeSecret", "needs secretsmanager:DescribeSecret: ")]
    [InlineData("GetRandomPassword", "needs secretsmanager:GetRandomPassword: ")]
    [InlineData("CreateSecret", "needs secretsmanager:CreateSecret, and with a KMS key kms:GenerateDataKey and kms:Decrypt: ")]
    public async Task A_missing_right_is_named_and_heals_without_an_edit(string operation, string message)
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways(operation);
        var status = (await push.Put(Config())).Status!;
        Assert.Equal(("Failed", "Denied"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.StartsWith(message, status.Message, StringComparison.Ordinal);
        Assert.Equal(["app-credentials: AccessDenied"], push.Cluster.Events);

        push.Faults.Allow(operation);
        Assert.Equal("Failed", (await push.Advance(TimeSpan.FromSeconds(59))).Status!.Phase);
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromSeconds(1))).Status!.Phase);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_denied_CreateSecret_generates_with_growing_delays_and_at_once_for_another_spec()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("CreateSecret");
        await push.Put(Config());
        await push.Cluster.Advance(TimeSpan.FromHours(24), TimeSpan.FromMinutes(1));
        // After 1, 2, 4, 8, 16 and 32 minutes, and then every hour.
        Assert.Equal(1 + 6 + 22, push.Cluster.Calls("GetRandomPassword"));

        push.Faults.Allow("CreateSecret");
        Assert.Equal("Ready", (await push.Put(Config("""{"description":"allowed now"}"""))).Status!.Phase);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Without_UntagResource_a_tag_that_left_the_spec_stays_and_a_condition_says_so_until_the_right_is_given()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"tags":{"a":"1","b":"1"} }"""));
        push.Faults.DenyAlways("UntagResource");
        var status = (await push.Put(Config("""{"tags":{"a":"1"} }"""))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.Contains("secretsmanager:UntagResource", status.Condition("Limited")!.Message!, StringComparison.Ordinal);
        Assert.Equal(["a", "b", SecretOwner.TagKey], (await push.Tags()).Keys.Order(StringComparer.Ordinal));

        push.Faults.Allow("UntagResource");
        Assert.Null((await push.Advance(TimeSpan.FromHours(1))).Status!.Condition("Limited"));
        Assert.Equal(["a", SecretOwner.TagKey], (await push.Tags()).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_TagResource_nothing_is_adopted_and_the_right_is_named()
    {
        await using var push = await StartAsync();
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        push.Faults.DenyAlways("TagResource");
        var status = (await push.Put(Config("""{"adopt":true}"""))).Status!;
        Assert.Equal(("Failed", "Denied"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.StartsWith("needs secretsmanager:TagResource: ", status.Message, StringComparison.Ordinal);
        Assert.Empty(await push.Tags());

        push.Faults.Allow("TagResource");
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(5))).Status!.Phase);
    }

    [Fact]
    public async Task Without_TagResource_the_secret_of_a_deleted_Component_is_still_taken_over()
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        await push.Delete("first");
        await push.Aws("RestoreSecret", new { SecretId = Name });
        push.Faults.DenyAlways("TagResource");
        await push.Put(Config());
        for (var look = 0; look < 2; look++)
        {
            var status = (await push.Advance(TimeSpan.FromMinutes(5))).Status!;
            Assert.Equal(("Ready", "True"), (status.Phase, status.Condition("SecretPushed")!.Status));
            Assert.Contains("secretsmanager:TagResource", status.Condition("Limited")!.Message!, StringComparison.Ordinal);
            await push.LoseStatus();
        }

        Assert.Equal((1, 1), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
        await push.Delete();
        Assert.False(await push.IsThere());
    }

    [Fact]
    public async Task Without_UpdateSecret_an_update_is_denied_and_the_secret_stays_as_it_was()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}"""));
        push.Faults.DenyAlways("UpdateSecret");
        var status = (await push.Advance(TimeSpan.FromHours(1))).Status!;
        Assert.Equal("Failed", status.Phase);
        Assert.StartsWith("needs secretsmanager:UpdateSecret", status.Message, StringComparison.Ordinal);
        Assert.Equal(await push.VersionId(), (string?)status.ProviderStatus!["versionId"]);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Without_TagResource_it_is_created_without_tags_and_a_condition_says_so_until_the_right_is_given()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("TagResource");
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        var status = (await push.Put(Config("""{"tags":{"team":"a"} }"""))).Status!;
        Assert.Equal(("Ready", "True"), (status.Phase, status.Condition("Limited")?.Status));
        Assert.Contains("secretsmanager:TagResource", status.Condition("Limited")!.Message!, StringComparison.Ordinal);
        Assert.Empty(await push.Tags());
        Assert.Equal((1, 1), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));

        Assert.NotNull((await push.Advance(TimeSpan.FromHours(1))).Status!.Condition("Limited"));
        await push.Put(Config("""{"tags":{"team":"b"} }"""));
        push.Faults.Allow("TagResource");
        Assert.Null((await push.Advance(TimeSpan.FromHours(1))).Status!.Condition("Limited"));
        Assert.Equal(new Dictionary<string, string> { ["team"] = "b", [SecretOwner.TagKey] = "test-cluster/default/app-credentials" }, await push.Tags());
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task Without_RestoreSecret_the_scheduled_secret_of_a_previous_Component_is_deleted_at_once_and_created_again()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("RestoreSecret");
        push.Faults.DenyAlways("TagResource");
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config());
        var arn = (await push.Describe()).Arn;
        await push.Delete();

        await push.Put(Config());
        var status = (await push.Advance(TimeSpan.FromSeconds(5))).Status!;
        Assert.Equal("Ready", status.Phase);
        Assert.NotEqual(arn, (await push.Describe()).Arn);
        Assert.Equal((1, 2), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
        Assert.Contains("secretsmanager:RestoreSecret", status.Condition("Limited")!.Message!, StringComparison.Ordinal);
        Assert.Contains(push.Cluster.EventTexts, e =>
            e.StartsWith("app-credentials: SecretDeleted: deleted myapp/prod/credentials immediately: an earlier Component had ", StringComparison.Ordinal));
        await push.Advance(TimeSpan.FromHours(2));
        Assert.Contains("secretsmanager:RestoreSecret",
            (await push.Cluster.Component("app-credentials")).Status!.Condition("Limited")!.Message!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this one's")]
    [InlineData("a gone Component's")]
    public async Task Without_RestoreSecret_nothing_else_is_deleted(string whose)
    {
        await using var push = await StartAsync();
        await push.Put(Config(), "first");
        if (whose == "this one's")
            await push.Aws("DeleteSecret", new { SecretId = Name });
        else
            await push.Delete("first");
        push.Faults.DenyAlways("RestoreSecret");
        var name = whose == "this one's" ? "first" : "second";
        await push.Put(Config("""{"description":"look"}"""), name);
        var status = (await push.Cluster.Component(name)).Status!;
        Assert.Equal("Failed", status.Phase);
        Assert.StartsWith("needs secretsmanager:RestoreSecret: ", status.Message, StringComparison.Ordinal);
        Assert.NotNull((await push.Describe())["DeletedDate"]);
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
    }

    [Fact]
    public async Task Under_exactly_the_specifications_actions_a_whole_life_works()
    {
        await using var push = await StartAsync();
        foreach (var operation in new[] { "TagResource", "UntagResource", "RestoreSecret", "PutSecretValue", "ListSecrets", "UpdateSecretVersionStage",
            "ListSecretVersionIds" })
            push.Faults.DenyAlways(operation);
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate","tags":{"a":"b"},"description":"d"}"""));
        await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Ready", (await push.Put(Config("""{"updatePolicy":"AlwaysUpdate","description":"e"}"""))).Status!.Phase);
        Assert.Equal("e", (await push.Describe()).Text("Description"));
        await push.Delete();
        Assert.False(await push.IsThere());
        push.Faults.Queue("CreateSecret", Fault.AccessDenied);
        await push.Put(Config());
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromSeconds(5))).Status!.Phase);
        Assert.True(await push.IsThere());
    }
}
