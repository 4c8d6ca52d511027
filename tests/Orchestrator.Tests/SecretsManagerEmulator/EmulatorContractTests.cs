using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Tests.SecretsManagerEmulator.Contract;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.SecretsManagerEmulator;

public sealed class EmulatorContractTests(EmulatorContractTests.Server server)
    : SecretsManagerContract, IClassFixture<EmulatorContractTests.Server>
{
    protected override Uri Endpoint => server.Emulator.Endpoint;

    protected override Task PassTime(TimeSpan time)
    {
        server.Time.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>With AWS's own slowness in forced deletions.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        internal SecretsManagerServer Emulator { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Emulator = await SecretsManagerServer.StartAsync(
            new EmulatorOptions { TimeProvider = Time, ForceDeleteDelay = TimeSpan.FromSeconds(5) },
            TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => Emulator.DisposeAsync();
    }
}
