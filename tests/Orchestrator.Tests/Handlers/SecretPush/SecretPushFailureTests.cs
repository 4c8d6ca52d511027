using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.SecretsManagerEmulator;
using static DeploymentOrchestrator.Tests.Handlers.SecretPush.PushedSecret;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

/// <summary>Failures of AWS: who has to act, and that they heal by themselves.</summary>
public sealed partial class SecretPushFailureTests
{
    [Fact]
    public async Task A_password_that_could_not_be_generated_pushes_nothing_and_heals()
    {
        await using var push = await StartAsync();
        var config = Config();
        config["fields"]!["token"] =
            new System.Text.Json.Nodes.JsonObject { ["generator"] = new System.Text.Json.Nodes.JsonObject { ["passwordLength"] = 20 } };
        push.Faults.Queue("GetRandomPassword", Fault.None);
        push.Faults.Queue("GetRandomPassword", Fault.InternalError);
        var status = (await push.Put(config)).Status!;
        Assert.Equal("Deploying", status.Phase);
        Assert.Null(status.Condition("SecretPushed"));
        Assert.Equal(0, push.Cluster.Calls("CreateSecret"));
        (await push.Describe()).Refused("ResourceNotFoundException");

        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromSeconds(1))).Status!.Phase);
        Assert.Equal((32, 20), (((string)(await push.Value())["password"]!).Length, ((string)(await push.Value())["token"]!).Length));
        Assert.Equal(1, await push.Versions());
    }

    // One code of each kind: who has to act, and when it is retried.
    [Theory]
    [InlineData("CreateSecret", "LimitExceededException", "Denied", 60)]
    [InlineData("CreateSecret", "EncryptionFailure", "Denied", 60)]
    [InlineData("CreateSecret", "DecryptionFailure", "Denied", 60)]
    [InlineData("CreateSecret", "MalformedPolicyDocumentException", "Rejected", 60)]
    [InlineData("DescribeSecret", "KMSAccessDeniedException", "Denied", 60)]
    [InlineData("DescribeSecret", "UnrecognizedClientException", "Denied", 300)]
    [InlineData("GetRandomPassword", "ExpiredTokenException", "Denied", 300)]
    [InlineData("CreateSecret", "InvalidParameterException", "Rejected", 60)]
    [InlineData("GetRandomPassword", "InvalidRequestException", "Rejected", 60)]
    [InlineData("CreateSecret", "InternalServiceError", "Transient", 1)]
    [InlineData("GetRandomPassword", "SomethingNew", "Transient", 1)]
    public async Task A_refusal_says_who_has_to_act_and_decides_the_retry(string operation, string code, string kind, int seconds)
    {
        await using var push = await StartAsync();
        push.Faults.Queue(operation, Fault.Refusal(code), 2);
        var status = (await push.Put(Config())).Status!;
        Assert.Equal((kind == "Transient" ? "Deploying" : "Failed", kind), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Contains(code, status.Message!, StringComparison.Ordinal);

        int Refusals() => push.Cluster.SecretsManager.Calls.Snapshot().Count(c => c.ErrorCode == code);
        await push.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Refusals());
        await push.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, Refusals());
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromMinutes(5))).Status!.Phase);
    }

    [Theory]
    [InlineData("DescribeSecret")]
    [InlineData("GetRandomPassword")]
    [InlineData("CreateSecret")]
    public async Task A_throttle_is_retried_and_reported(string operation)
    {
        await using var push = await StartAsync();
        push.Faults.Queue(operation, Fault.Throttle, 2);
        Assert.Equal("Deploying", (await push.Put(Config())).Status!.Phase);
        Assert.Equal("Deploying", (await push.Advance(TimeSpan.FromSeconds(1))).Status!.Phase);
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromSeconds(2))).Status!.Phase);
        Assert.Equal(1, await push.Versions());
        Assert.Equal(["Throttled", "Throttled", "SecretCreated"], push.Cluster.Events.Select(e => e.Split(": ")[1]));
    }

    [Fact]
    public async Task A_transient_failure_leaves_a_Ready_Component_Ready()
    {
        await using var push = await StartAsync();
        await push.Put(Config());
        push.Faults.Queue("DescribeSecret", Fault.InternalError);
        var status = (await push.Advance(TimeSpan.FromHours(1))).Status!;
        Assert.Equal(("Ready", "True"), (status.Phase, status.Condition("SecretPushed")!.Status));
        Assert.StartsWith("DescribeSecret: InternalServiceError", status.Message, StringComparison.Ordinal);
        Assert.StartsWith("secret ", (await push.Advance(TimeSpan.FromSeconds(1))).Status!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DescribeSecret")]
    [InlineData("GetRandomPassword")]
    [InlineData("CreateSecret")]
    public async Task A_repeated_failure_writes_nothing(string operation)
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways(operation);
        var first = await push.Put(Config());
        var called = push.Cluster.Calls(operation);
        Assert.Equal("Failed", first.Status!.Phase);
        for (var i = 0; i < 5; i++)
            await push.Advance(TimeSpan.FromHours(1));
        Assert.InRange(push.Cluster.Calls(operation), called + 5, int.MaxValue);
        Assert.Equal(first.Metadata.ResourceVersion, (await push.Cluster.Component("app-credentials")).Metadata.ResourceVersion);

        push.Faults.Allow(operation);
        Assert.Equal("Ready", (await push.Advance(TimeSpan.FromHours(1))).Status!.Phase);
        Assert.Equal(1, await push.Versions());
    }

    [Fact]
    public async Task A_repeated_refusal_of_an_update_writes_nothing()
    {
        await using var push = await StartAsync();
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}"""));
        push.Faults.DenyAlways("UpdateSecret");
        var first = await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal("Failed", first.Status!.Phase);
        for (var i = 0; i < 5; i++)
            await push.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first.Metadata.ResourceVersion, (await push.Cluster.Component("app-credentials")).Metadata.ResourceVersion);
    }

    // The one attempt without a saved intent succeeds, its answer is lost, the process is killed, and AWS does not show the secret yet.
    [Fact]
    public async Task A_secret_that_a_killed_process_may_have_created_after_refusals_is_waited_for()
    {
        await using var push = await StartAsync(lags: true);
        push.Faults.DenyAlways("CreateSecret");
        await push.Put(Config());
        await push.Advance(TimeSpan.FromMinutes(3));
        push.Faults.Allow("CreateSecret");
        push.Faults.Queue("CreateSecret", Fault.CutAfter);
        push.Cluster.Hooked.Before = (call, _) =>
        {
            if (!push.Cluster.SecretsManager.Calls.Snapshot().Any(c => c.ErrorCode == "CutAfter"))
                return Task.CompletedTask;
            push.Cluster.Kill();
            return Task.FromException(new OperationCanceledException("killed"));
        };
        await push.Advance(TimeSpan.FromMinutes(2));
        push.Cluster.Hooked.Before = (_, _) => Task.CompletedTask;
        await push.Cluster.Delete("app-credentials");
        await push.Cluster.Restart();
        await push.Cluster.WhenQuiet();
        Assert.True(await push.Exists());
        await push.Cluster.Advance(TimeSpan.FromMinutes(3), TimeSpan.FromSeconds(5));
        Assert.False(await push.Exists());
        Assert.NotNull((await push.Describe()).Ok()["DeletedDate"]);
    }

    [Fact]
    public async Task A_name_that_AWS_has_not_released_is_waited_for_without_generating_again()
    {
        await using var push = await StartAsync();
        push.Faults.Queue("CreateSecret", Fault.InvalidRequest);
        var waiting = (await push.Put(Config())).Status!;
        Assert.Equal("Deploying", waiting.Phase);
        Assert.Contains("already scheduled for deletion", waiting.Message, StringComparison.Ordinal);
        await push.Cluster.Advance(TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(5));
        Assert.Equal(1, push.Cluster.Calls("GetRandomPassword"));
        Assert.Equal(1, push.Cluster.Calls("CreateSecret"));
        await push.Cluster.Advance(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));
        Assert.Equal("Ready", (await push.Cluster.Component("app-credentials")).Status!.Phase);
        Assert.Equal((1, 2), (await push.Versions(), push.Cluster.Calls("GetRandomPassword")));
    }

    [Fact]
    public async Task A_lasting_refusal_uses_up_no_budget_and_keeps_its_message()
    {
        await using var push = await StartAsync();
        push.Faults.Queue("CreateSecret", Fault.InvalidRequest, 100);
        await push.Put(Config());
        await push.Cluster.Advance(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5));
        var status = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Contains("already scheduled for deletion", status.Message, StringComparison.Ordinal);
        Assert.EndsWith("00", (string?)status.Applied!["pending"]!["token"], StringComparison.Ordinal);
        Assert.InRange(push.Cluster.Calls("GetRandomPassword"), 5, 11);
    }

    [Fact]
    public async Task A_description_that_comes_back_is_sent_again()
    {
        await using var push = await StartAsync();
        foreach (var text in new[] { "a", "b", "a" })
        {
            await push.Put(Config($$"""{"description":"{{text}}"}"""));
            await push.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(text, (await push.Describe()).Text("Description"));
        }
    }

    [Fact]
    public async Task A_lasting_conflict_is_reported_once()
    {
        await using var push = await StartAsync();
        await push.Aws("CreateSecret", new { Name, SecretString = "theirs", ClientRequestToken = Guid.Empty.ToString() });
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}"""));
        for (var i = 0; i < 4; i++)
            await push.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(push.Cluster.Events, "app-credentials: OwnershipConflict");
    }

    // tests/field/delete-with-replicas
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_deletion_waits_for_replicas_that_another_client_added_and_says_how_to_remove_them(int window)
    {
        await using var push = await StartAsync();
        await push.Put(Config($$"""{"recoveryWindowInDays":{{window}}}"""));
        await push.Aws("ReplicateSecretToRegions", new { SecretId = Name, AddReplicaRegions = new[] { new { Region = "eu-west-1" } } });
        await push.Cluster.Delete("app-credentials");
        await push.Cluster.WhenQuiet();

        var status = (await push.Cluster.Component("app-credentials")).Status!;
        Assert.Equal(("TerminationFailed", "Rejected"), (status.Phase, status.Condition(Condition.Ready)!.Reason));
        Assert.Equal($"AWS does not delete {Name} while it has replicas in eu-west-1: remove them with aws secretsmanager remove-regions-from-replication, "
            + "or set deletionPolicy: Retain", status.Message);

        await push.Cluster.Advance(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1));
        Assert.Equal(11, push.Cluster.Calls("DeleteSecret"));
        await push.Aws("RemoveRegionsFromReplication", new { SecretId = Name, RemoveReplicaRegions = new[] { "eu-west-1" } });
        await push.Cluster.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await push.Cluster.Store.Get(ResourceType.Component, new("default", "app-credentials"), TestContext.Current.CancellationToken));
        Assert.Single(push.Cluster.Events, "app-credentials: SecretDeleted");
    }

    [Theory]
    [InlineData("CreateSecret", "SecretCreated")]
    [InlineData("UpdateSecret", "SecretUpdated")]
    public async Task A_write_whose_answer_was_lost_is_recorded_as_an_event_too(string operation, string happened)
    {
        await using var push = await StartAsync();
        if (operation == "UpdateSecret")
            await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}"""));
        push.Faults.Queue(operation, Fault.CutAfter);
        await push.Put(Config("""{"updatePolicy":"AlwaysUpdate"}""", username: "another"));
        await push.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(push.Cluster.Events, $"app-credentials: {happened}");
    }

    [Fact]
    public async Task A_Component_whose_secret_was_never_created_is_deleted_without_waiting()
    {
        await using var push = await StartAsync();
        push.Faults.DenyAlways("CreateSecret");
        await push.Put(Config());
        await push.Delete();
        Assert.False(await push.Exists());
    }
}
