using DeploymentOrchestrator.SecretsManager;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;

namespace DeploymentOrchestrator.Tests.SecretsManager;

public sealed class WriteLeaseTests : IAsyncLifetime
{
    private const string Token = "00000000-0000-0000-0000-000000000001";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(7);

    private readonly ScriptedLease lease = new();
    private SecretsManagerServer server = null!;
    private SecretsManagerClients clients = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SecretsManagerClient Client => clients.For(null, null, null);

    public async ValueTask InitializeAsync()
    {
        server = await SecretsManagerServer.StartAsync(new(), Stop);
        clients = new(EmbeddedAws.Client(server.Endpoint) with { Region = "eu-west-1", AttemptTimeout = Timeout, WriteLease = lease });
    }

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await server.DisposeAsync();
    }

    public static TheoryData<string> Writes => ["CreateSecret", "UpdateSecret", "DeleteSecret", "RestoreSecret", "TagResource", "UntagResource"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task No_write_starts_that_could_outlast_the_lease(string operation)
    {
        await Call("CreateSecret", Stop);
        Assert.Equal([Timeout], lease.Asked);
        var called = server.Calls.Snapshot().Count;

        lease.Lose();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var call = Call(operation, stop.Token);
        await lease.Refused;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(called, server.Calls.Snapshot().Count);
    }

    [Fact]
    public async Task Each_attempt_checks_the_lease()
    {
        server.Faults.Queue("RestoreSecret", Fault.InternalError, 2);
        await Assert.ThrowsAsync<SecretsManagerException>(() => Client.RestoreSecret("db", Stop));
        Assert.Equal([Timeout, Timeout, Timeout], lease.Asked);
    }

    [Fact]
    public async Task A_read_needs_no_lease()
    {
        lease.Lose();
        Assert.Null(await Client.DescribeSecret("db", Stop));
        (await Client.GetRandomPassword(new(32), Stop)).Dispose();
        await Client.GetCallerAccount(Stop);
        Assert.Empty(lease.Asked);
    }

    private async Task Call(string operation, CancellationToken cancellation)
    {
        using var value = new SecretText("{}"u8);
        await (operation switch
        {
            "CreateSecret" => Client.CreateSecret(new("db", Token, value), cancellation),
            "UpdateSecret" => Client.UpdateSecret(new("db", Token, value), cancellation),
            "DeleteSecret" => Client.DeleteSecret("db", 7, cancellation),
            "RestoreSecret" => Client.RestoreSecret("db", cancellation),
            "TagResource" => Client.TagResource("db", new Dictionary<string, string> { ["a"] = "1" }, cancellation),
            _ => (Task)Client.UntagResource("db", ["a"], cancellation),
        });
    }
}
