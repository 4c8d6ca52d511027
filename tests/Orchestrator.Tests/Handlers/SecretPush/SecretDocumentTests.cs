using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.SecretsManager.Sdk;
using DeploymentOrchestrator.SecretsManagerEmulator;
using DeploymentOrchestrator.Messages;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Handlers.SecretPush;

public sealed class SecretDocumentTests
{
    private const int Fields = 3;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task All_fields_are_generated_side_by_side()
    {
        var stop = TestContext.Current.CancellationToken;
        var time = new WaitedForTime();
        await using var server = await SecretsManagerServer.StartAsync(new() { TimeProvider = time }, stop);
        server.Faults.Queue("GetRandomPassword", Fault.Slow(Slow), Fields);
        using var clients = new SecretsManagerClients(EmbeddedAws.Client(server.Endpoint) with { QuotaShare = null });
        var fields = new JsonObject(Enumerable.Range(0, Fields).Select(i =>
            KeyValuePair.Create<string, JsonNode?>($"f{i}", new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 20 } })));
        var config = SecretPushConfigReader.ReadResolved(new() { ["secretName"] = "s", ["fields"] = fields }, new List<Problem>())!;

        var generating = SecretDocument.Generate(config.Fields, clients.For("us-east-1", null, null), stop);
        // All of them are under way before any of them has ended.
        await time.AllWait.WaitAsync(stop);
        time.Advance(Slow);

        using var value = await generating;
        Assert.Equal(Fields, server.Calls.Snapshot().Count(c => c is { Operation: "GetRandomPassword", ErrorCode: null }));
    }

    private sealed class WaitedForTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int waiting;

        public Task AllWait => all.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Slow && Interlocked.Increment(ref waiting) == Fields)
                all.SetResult();
            return timer;
        }
    }
}
