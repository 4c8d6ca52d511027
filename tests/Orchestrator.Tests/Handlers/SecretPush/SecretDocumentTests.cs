using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Messages;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class SecretDocumentTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Up_to_eight_fields_are_generated_concurrently()
    {
        const int Fields = 20;
        var stop = TestContext.Current.CancellationToken;
        var time = new WaitedForTime();
        await using var server = await SecretsManagerServer.StartAsync(new() { TimeProvider = time }, stop);
        server.Faults.Queue("GetRandomPassword", Fault.Slow(Slow), Fields);
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(server.Endpoint) with { QuotaShare = null });
        var fields = new JsonObject(Enumerable.Range(0, Fields).Select(i =>
            KeyValuePair.Create<string, JsonNode?>($"f{i}", new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } })));
        var config = SecretPushConfigReader.ReadResolved(new() { ["secretName"] = "s", ["fields"] = fields }, new List<Problem>())!;

        var generating = SecretDocument.Generate(config.Fields, clients.For("us-east-1", null, null), stop);
        // The maximum number of calls runs at once; the next begin when these have ended.
        foreach (var atOnce in (int[])[8, 8, 4])
        {
            for (var i = 0; i < atOnce; i++)
                await time.Waits.Reader.ReadAsync(stop);
            Assert.Equal(0, time.Waits.Reader.Count);
            time.Advance(Slow);
        }

        using var value = await generating;
        Assert.Equal(Fields, server.Calls.Snapshot().Count(c => c is { Operation: "GetRandomPassword", ErrorCode: null }));
    }

    private sealed class WaitedForTime : FakeTimeProvider
    {
        public Channel<bool> Waits { get; } = Channel.CreateUnbounded<bool>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Slow)
                Waits.Writer.TryWrite(true);
            return timer;
        }
    }
}
