using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class FaultTests : EmulatorTest
{
    [Fact]
    public async Task Case53_A_throttled_call_and_a_server_error_do_nothing_and_the_next_call_succeeds()
    {
        Server.Faults.Queue("CreateSecret", Fault.Throttle);
        Server.Faults.Queue("CreateSecret", Fault.InternalError);
        (await Create("n")).Refused("ThrottlingException");
        var failed = await Create("n");
        Assert.Equal((500, "InternalServiceError"), (failed.Status, failed.Error));
        (await Describe("n")).Refused("ResourceNotFoundException");
        (await Create("n")).Ok();
    }

    [Theory]
    [InlineData("CreateSecret")]
    [InlineData("UpdateSecret")]
    [InlineData("PutSecretValue")]
    public async Task Case53_An_answer_lost_after_the_commit_and_a_retry_with_the_same_token_make_one_version(string operation)
    {
        var (name, token) = ("n", AwsJsonClient.NewToken());
        if (operation != "CreateSecret")
            (await Create(name)).Ok();
        object parameters = operation == "CreateSecret"
            ? new { Name = name, SecretString = "b", ClientRequestToken = token }
            : new { SecretId = name, SecretString = "b", ClientRequestToken = token };

        Server.Faults.Queue(operation, Fault.CutAfter);
        await Assert.ThrowsAsync<HttpRequestException>(() => Client.Call(operation, parameters));
        Assert.Equal("AWSCURRENT", (await Describe(name)).Ok().Stages()[token]);
        Assert.Equal(token, (await Client.Call(operation, parameters)).Ok().Text("VersionId"));
        Assert.Equal(operation == "CreateSecret" ? 1 : 2, (await Describe(name)).Ok().Stages().Count);
    }

    [Fact]
    public async Task Case53_A_connection_cut_before_the_call_leaves_nothing_behind()
    {
        Server.Faults.Queue("CreateSecret", Fault.CutBefore);
        await Assert.ThrowsAsync<HttpRequestException>(() => Create("n"));
        (await Describe("n")).Refused("ResourceNotFoundException");
    }

    [Fact]
    public async Task A_denial_can_hit_one_call_or_all_until_it_is_lifted()
    {
        Server.Faults.Queue("CreateSecret", Fault.AccessDenied);
        (await Create("n")).Refused("AccessDeniedException", "is not authorized to perform: secretsmanager:CreateSecret");
        (await Create("n")).Ok();
        Server.Faults.DenyAlways("DescribeSecret");
        (await Describe("n")).Refused("AccessDeniedException");
        (await Describe("n")).Refused("AccessDeniedException");
        Server.Faults.Allow("DescribeSecret");
        (await Describe("n")).Ok();
    }

    [Fact]
    public async Task Faults_come_in_order_as_often_as_queued_and_to_their_own_operation_only()
    {
        Server.Faults.Queue("DescribeSecret", Fault.None);
        Server.Faults.Queue("DescribeSecret", Fault.Throttle, count: 2);
        (await Create("n")).Ok();
        (await Describe("n")).Ok();
        (await Describe("n")).Refused("ThrottlingException");
        (await Describe("n")).Refused("ThrottlingException");
        (await Describe("n")).Ok();
    }

    [Fact]
    public async Task A_slow_call_waits_on_the_servers_clock_and_is_then_carried_out()
    {
        Server.Faults.Queue("CreateSecret", Fault.Slow(TimeSpan.FromMinutes(1)));
        var slow = Create("n");
        (await Describe("n")).Refused("ResourceNotFoundException");
        Assert.False(slow.IsCompleted);
        // The call may still be on its way to the server, so time advances until it has arrived.
        while (!slow.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(slow, Describe("n"));
        }
        (await slow).Ok();
        (await Describe("n")).Ok();
        var call = Assert.Single(Server.Calls.Snapshot(), call => call.Operation == "CreateSecret");
        Assert.True(Time.GetUtcNow() - call.Time >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_server_that_is_disposed_does_not_wait_for_slow_calls()
    {
        Server.Faults.Queue("CreateSecret", Fault.Slow(TimeSpan.FromDays(1)));
        var slow = Create("n");
        await Describe("n");
        await Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => slow);
    }

    [Fact]
    public void A_fault_for_an_unknown_operation_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Server.Faults.Queue("CreateSecrets", Fault.Throttle));
        Assert.Throws<ArgumentException>(() => Server.Faults.DenyAlways("CreateSecrets"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Server.Faults.Queue("CreateSecret", Fault.Throttle, count: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fault.Slow(TimeSpan.FromSeconds(-1)));
    }
}
