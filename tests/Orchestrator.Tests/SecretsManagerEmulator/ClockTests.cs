using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class ClockTests : EmulatorTest
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan DeleteDelay = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Lag = TimeSpan.FromSeconds(3);

    private protected override EmulatorOptions Options => new() { ForceDeleteDelay = DeleteDelay, ReadAfterCreateLag = Lag };

    [Fact]
    public async Task Case40_A_forced_deletion_takes_as_long_as_configured()
    {
        (await Create("n")).Ok();
        Time.Advance(Lag);
        (await Client.Call("DeleteSecret", new { SecretId = "n", ForceDeleteWithoutRecovery = true })).Ok();
        Time.Advance(DeleteDelay - Moment);
        Assert.NotNull((await Describe("n")).Ok()["DeletedDate"]);
        (await Create("n")).Refused("InvalidRequestException", "already scheduled for deletion");
        (await Client.Call("RestoreSecret", new { SecretId = "n" })).Refused("InvalidRequestException");
        Time.Advance(Moment);
        (await Describe("n")).Refused("ResourceNotFoundException");
        (await Create("n")).Ok();
    }

    [Fact]
    public async Task A_forced_deletion_repeated_does_not_start_again()
    {
        (await Create("n")).Ok();
        (await Client.Call("DeleteSecret", new { SecretId = "n", ForceDeleteWithoutRecovery = true })).Ok();
        Time.Advance(DeleteDelay - Moment);
        (await Client.Call("DeleteSecret", new { SecretId = "n", ForceDeleteWithoutRecovery = true })).Ok();
        Time.Advance(Moment);
        (await Describe("n")).Refused("ResourceNotFoundException");
    }

    [Fact]
    public async Task A_scheduled_secret_is_gone_when_its_recovery_window_is_over()
    {
        (await Create("n")).Ok();
        Time.Advance(Lag);
        (await Client.Call("DeleteSecret", new { SecretId = "n", RecoveryWindowInDays = 7 })).Ok();
        Time.Advance(TimeSpan.FromDays(7) - Moment);
        (await Describe("n")).Ok();
        Time.Advance(Moment);
        (await Describe("n")).Refused("ResourceNotFoundException");
        (await Create("n")).Ok();
    }

    [Theory]
    [InlineData("DescribeSecret")]
    [InlineData("GetSecretValue")]
    [InlineData("ListSecretVersionIds")]
    [InlineData("GetResourcePolicy")]
    public async Task A_new_secret_is_not_yet_read_but_can_be_written(string operation)
    {
        (await Create("n")).Ok();
        Time.Advance(Lag - Moment);
        (await Client.Call(operation, new { SecretId = "n" })).Refused("ResourceNotFoundException");
        Assert.Empty((await Client.Call("ListSecrets")).Ok()["SecretList"]!.AsArray());
        (await Client.Call("PutSecretValue", new { SecretId = "n", SecretString = "b", ClientRequestToken = AwsJsonClient.NewToken() })).Ok();
        Time.Advance(Moment);
        (await Client.Call(operation, new { SecretId = "n" })).Ok();
        Assert.Single((await Client.Call("ListSecrets")).Ok()["SecretList"]!.AsArray());
    }

    [Fact]
    public async Task All_dates_come_from_the_servers_clock()
    {
        Time.Advance(TimeSpan.FromMilliseconds(123));
        var created = (await Create("n")).Ok();
        Assert.Equal(Start, created.Date);
        Time.Advance(Lag);
        var described = (await Describe("n")).Ok();
        Assert.Contains("\"CreatedDate\":1772366400.123", described.Body, StringComparison.Ordinal);
        Assert.Equal(Start + Lag, described.Date);
        Assert.Equal(Start + TimeSpan.FromMilliseconds(123), Assert.Single(Server.Calls.Snapshot(), call => call.Operation == "CreateSecret").Time);
    }

    [Fact]
    public async Task A_hundred_versions_are_kept_and_beyond_that_old_unlabelled_ones_go()
    {
        (await Create("n")).Ok();
        Time.Advance(Lag);
        for (var version = 2; version <= 100; version++)
            (await Put()).Ok();
        (await Put()).Refused("LimitExceededException");
        Time.Advance(TimeSpan.FromHours(24) - Lag);
        (await Put()).Refused("LimitExceededException");
        Time.Advance(Moment);
        (await Put()).Ok();
        var all = (await Client.Call("ListSecretVersionIds", new { SecretId = "n", IncludeDeprecated = true })).Ok();
        Assert.Equal(100, all["Versions"]!.AsArray().Count);
        Assert.Equal(["AWSCURRENT", "AWSPREVIOUS"], (await Describe("n")).Ok().Stages().Values.Order(StringComparer.Ordinal));

        Task<Answer> Put() => Client.Call(
            "PutSecretValue", new { SecretId = "n", SecretString = "b", ClientRequestToken = AwsJsonClient.NewToken() });
    }
}
