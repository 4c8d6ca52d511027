using System.Text;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class CallLogTests : EmulatorTest
{
    private protected override EmulatorOptions Options => new() { AccountId = "123456789012", RememberGenerated = true };

    [Fact]
    public async Task Each_call_is_logged_with_what_was_sent_and_how_it_ended()
    {
        var ireland = new AwsJsonClient(Server.Endpoint, "eu-west-1");
        (await ireland.Call("CreateSecret", new { Name = "n", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
        var arn = (await ireland.Call("DescribeSecret", new { SecretId = "n" })).Ok().Arn;
        (await ireland.Call("GetSecretValue", new { SecretId = arn })).Refused("ResourceNotFoundException");
        (await Client.Call("GetRandomPassword")).Ok();
        (await Client.Send(null, "no json")).Refused("UnknownOperationException");
        Assert.Equal(
            [
                new EmulatorCall(1, "CreateSecret", "n", null, "123456789012", "eu-west-1", Start),
                new EmulatorCall(2, "DescribeSecret", "n", null, "123456789012", "eu-west-1", Start),
                new EmulatorCall(3, "GetSecretValue", arn, "ResourceNotFoundException", "123456789012", "eu-west-1", Start),
                new EmulatorCall(4, "GetRandomPassword", null, null, "123456789012", "us-east-1", Start),
                new EmulatorCall(5, "", null, "UnknownOperationException", "123456789012", "us-east-1", Start),
            ],
            Server.Calls.Snapshot());
    }

    [Fact]
    public async Task A_call_whose_answer_was_cut_says_so()
    {
        Server.Faults.Queue("CreateSecret", Fault.CutBefore);
        Server.Faults.Queue("CreateSecret", Fault.CutAfter);
        await Assert.ThrowsAsync<HttpRequestException>(() => Create("n"));
        await Assert.ThrowsAsync<HttpRequestException>(() => Create("n"));
        Assert.Equal(["CutBefore", "CutAfter"], Server.Calls.Snapshot().Select(call => call.ErrorCode));
    }

    [Fact]
    public async Task Calls_at_the_same_time_are_all_logged_under_numbers_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Create($"n{i}")));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), Server.Calls.Snapshot().Select(call => call.Sequence));
    }

    [Fact]
    public async Task Racing_creates_of_one_name_have_one_winner()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Create("n", $"v{i}")));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(19, answers.Count(answer => answer.Error == "ResourceExistsException"));
    }

    [Fact]
    public async Task Generated_has_every_password_that_was_returned()
    {
        var first = (await Client.Call("GetRandomPassword")).Ok().Text("RandomPassword");
        var second = (await Client.Call("GetRandomPassword", new { PasswordLength = 100 })).Ok().Text("RandomPassword");
        Assert.Equal([first, second], Server.Generated.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public async Task Generated_stays_empty_unless_asked_for()
    {
        await using var forgetful = await SecretsManagerServer.StartAsync(new EmulatorOptions(), TestContext.Current.CancellationToken);
        (await new AwsJsonClient(forgetful.Endpoint).Call("GetRandomPassword")).Ok();
        Assert.Empty(forgetful.Generated);
    }

    [Fact]
    public async Task The_server_listens_on_loopback_at_the_port_asked_for_and_refuses_one_that_is_taken()
    {
        Assert.Equal("127.0.0.1", Server.Endpoint.Host);
        await Assert.ThrowsAsync<IOException>(() => SecretsManagerServer.StartAsync(
            new EmulatorOptions { Port = Server.Endpoint.Port }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Options_outside_their_limits_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { Port = 65_536 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { Port = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { ForceDeleteDelay = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmulatorOptions { ReadAfterCreateLag = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentException>(() => new EmulatorOptions { AccountId = "12345678901x" });
    }
}
