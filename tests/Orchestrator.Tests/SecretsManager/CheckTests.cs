using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.Informers;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>A caller's check runs at the last moment before each attempt.</summary>
public sealed class CheckTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_waited_for_its_quota_is_not_sent_once_the_check_refuses()
    {
        var time = new SignallingTime();
        await using var server = await SecretsManagerServer.StartAsync(new(), Stop);
        using var clients = Clients(server, time);
        var isRefused = false;
        var client = clients.For(null, null, null).Checked(_ =>
        {
            if (isRefused)
                throw new PlatformNotSupportedException("refused");
        });
        // A throttle empties the bucket, and the next call waits for its turn.
        server.Faults.Queue("RestoreSecret", Fault.Throttle);
        var call = client.RestoreSecret("nothing", Stop);
        TimeSpan timer;
        do
            timer = await time.NextTimer();
        while (timer == TimeSpan.FromSeconds(10));
        isRefused = true;
        time.Advance(timer);

        await Assert.ThrowsAsync<PlatformNotSupportedException>(() => call);
        Assert.Single(server.Calls.Snapshot());
    }

    [Fact]
    public async Task One_callers_check_does_not_apply_to_another_caller()
    {
        await using var server = await SecretsManagerServer.StartAsync(new(), Stop);
        using var clients = Clients(server, TimeProvider.System);
        var client = clients.For(null, null, null);
        var refused = client.Checked(_ => throw new PlatformNotSupportedException("refused"));

        await Assert.ThrowsAsync<PlatformNotSupportedException>(() => refused.DescribeSecret("nothing", Stop));
        Assert.Null(await client.DescribeSecret("nothing", Stop));
        Assert.Single(server.Calls.Snapshot());
    }

    private static SecretsManagerClients Clients(SecretsManagerServer server, TimeProvider time) =>
        new(EmbeddedAws.Client(server.Endpoint) with { Region = "eu-west-1", MaxAttempts = 1, TimeProvider = time });
}
