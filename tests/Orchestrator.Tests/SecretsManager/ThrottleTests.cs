using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Informers;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>The client's handling of throttles while a share of the quotas limits its calls.</summary>
public sealed class ThrottleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_throttle_is_waited_out_and_does_not_count_as_an_attempt()
    {
        var time = new SignallingTime();
        await using var server = await Emulator();
        server.Faults.Queue("RestoreSecret", Fault.Throttle, 3);
        using var clients = Clients(server, time);
        var call = clients.For(null, null, null).RestoreSecret("nothing", Stop);
        foreach (var pause in new[] { 1, 2, 4 })
            Assert.Equal(TimeSpan.FromSeconds(pause), await PassPause(time));

        var error = await Assert.ThrowsAsync<SecretsManagerException>(() => call);
        Assert.Equal(AwsErrorKind.NotFound, error.Kind);
        Assert.Equal(4, server.Calls.Snapshot().Count);
    }

    [Fact]
    public async Task Endless_throttling_is_reported_in_the_end()
    {
        var time = new SignallingTime();
        await using var server = await Emulator();
        server.Faults.Queue("RestoreSecret", Fault.Throttle, SecretsManagerOptions.MaxThrottles + 1);
        using var clients = Clients(server, time);
        var call = clients.For(null, null, null).RestoreSecret("nothing", Stop);
        var waited = TimeSpan.Zero;
        for (var i = 1; i < SecretsManagerOptions.MaxThrottles; i++)
            waited += await PassPause(time);

        var error = await Assert.ThrowsAsync<SecretsManagerException>(() => call);
        Assert.Equal(AwsErrorKind.Throttled, error.Kind);
        Assert.Equal(SecretsManagerOptions.MaxThrottles, server.Calls.Snapshot().Count);
        Assert.Equal(TimeSpan.FromSeconds(51), waited);
    }

    [Fact]
    public async Task Other_failures_still_count_as_tries()
    {
        await using var server = await Emulator();
        server.Faults.Queue("RestoreSecret", Fault.InternalError, 2);
        using var clients = Clients(server, TimeProvider.System);
        var error = await Assert.ThrowsAsync<SecretsManagerException>(() => clients.For(null, null, null).RestoreSecret("nothing", Stop));
        Assert.Equal(AwsErrorKind.Internal, error.Kind);
        Assert.Single(server.Calls.Snapshot());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_quota_share_outside_0_to_1_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SecretsManagerOptions { QuotaShare = share });

    // The timers in between are timeouts, of the credential lookup and of each attempt.
    private static async Task<TimeSpan> PassPause(SignallingTime time)
    {
        TimeSpan timer;
        do
            timer = await time.NextTimer();
        while (timer == TimeSpan.FromSeconds(10));
        time.Advance(timer);
        return timer;
    }

    private static Task<SecretsManagerServer> Emulator() => SecretsManagerServer.StartAsync(new(), Stop);

    private static SecretsManagerClients Clients(SecretsManagerServer server, TimeProvider time) => new(
        EmbeddedAws.Client(server.Endpoint) with { Region = "eu-west-1", MaxAttempts = 1, TimeProvider = time });
}
