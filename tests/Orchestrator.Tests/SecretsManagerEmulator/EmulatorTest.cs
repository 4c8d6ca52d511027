using DeploymentOrchestrator.SecretsManagerEmulator;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

/// <summary>A server for each test, with a clock that only the test advances.</summary>
public abstract class EmulatorTest : IAsyncLifetime
{
    protected static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected FakeTimeProvider Time { get; } = new(Start);

    private protected SecretsManagerServer Server { get; private set; } = null!;

    private protected virtual EmulatorOptions Options => new();

    private protected AwsJsonClient Client => new(Server.Endpoint);

    public async ValueTask InitializeAsync() =>
        Server = await SecretsManagerServer.StartAsync(Options with { TimeProvider = Time }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<Answer> Create(string name, string? value = "a", string? token = null) =>
        Client.Call("CreateSecret", new { Name = name, SecretString = value, ClientRequestToken = token ?? AwsJsonClient.NewToken() });

    private protected Task<Answer> Describe(string name) => Client.Call("DescribeSecret", new { SecretId = name });
}
