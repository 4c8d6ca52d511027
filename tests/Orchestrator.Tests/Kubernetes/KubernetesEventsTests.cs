using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>The same event within an hour is one Event with a count; one that cannot be written is logged.</summary>
public sealed class KubernetesEventsTests : IDisposable
{
    private static readonly ResourceType Event = new("", "v1", "Event");

    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TestLog log = new();
    private readonly InMemoryResourceStore store;
    private readonly KubernetesEvents events;
    private int ids;

    public KubernetesEventsTests()
    {
        store = new(time, (_, _) => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        events = new(store, "pod-1", time, () => $"{ids++}", log);
    }

    public void Dispose() => log.Dispose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_repeated_event_within_an_hour_increases_the_count()
    {
        events.Record(Component("app"), new("Throttled", "slow down", IsWarning: true));
        events.Record(Component("app"), new("Throttled", "slow down", IsWarning: true));
        events.Record(Component("app"), new("Throttled", "slow down"));
        events.Record(Component("app"), new("Throttled", "slower"));
        events.Record(Component("other"), new("Throttled", "slow down", IsWarning: true));

        Assert.Equal(
            ["app Warning Throttled slow down: 2", "app Normal Throttled slow down: 1", "app Normal Throttled slower: 1",
                "other Warning Throttled slow down: 1"],
            await WrittenEvents());
    }

    [Fact]
    public async Task A_repeated_event_after_an_hour_is_a_new_Event()
    {
        var hour = new HookedTime(time, TimeSpan.FromHours(1));
        var later = new KubernetesEvents(store, "pod-1", hour, () => $"{ids++}", log);
        later.Record(Component("app"), new("SecretUpdated", "wrote"));
        later.Record(Component("app"), new("SecretUpdated", "wrote"));
        later.Complete();
        await later.Run(Stop);

        Assert.Equal(["app Normal SecretUpdated wrote: 1", "app Normal SecretUpdated wrote: 1"], await Listed());
    }

    [Fact]
    public async Task An_Event_that_cannot_be_written_is_logged_and_the_next_is_written()
    {
        events.Record(Component("app", "no-such-namespace"), new("SecretCreated", "made"));
        events.Record(Component("app"), new("SecretCreated", "made"));

        Assert.Equal(["app Normal SecretCreated made: 1"], await WrittenEvents());
        Assert.Contains(log.Lines, l => l.Contains("no-such-namespace/app", StringComparison.Ordinal) && l.Contains("SecretCreated", StringComparison.Ordinal));
    }

    [Fact]
    public void The_oldest_of_too_many_Events_are_only_logged()
    {
        for (var i = 0; i < 16_385; i++)
            events.Record(Component($"app-{i}"), new("SecretCreated", "made"));

        var line = Assert.Single(log.Lines);
        Assert.Contains("app-0", line, StringComparison.Ordinal);
        Assert.Contains("too many events are waiting", line, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> WrittenEvents()
    {
        events.Complete();
        await events.Run(Stop);
        return await Listed();
    }

    private async Task<IReadOnlyList<string>> Listed() =>
    [
        .. (await store.List(Event, null, Stop)).Items.OrderBy(e => ((string)e["metadata"]!["name"]!).Split('.')[1], StringComparer.Ordinal)
            .Select(e => $"{e["involvedObject"]!["name"]} {e["type"]} {e["reason"]} {e["message"]}: {e["count"]}"),
    ];

    private static Component Component(string name, string @namespace = "default") =>
        new() { Metadata = new() { Name = name, Namespace = @namespace, Uid = $"uid-of-{name}" }, Spec = new() { Handler = "secret-push" } };

    /// <summary>A clock that advances by one step each time it is read.</summary>
    private sealed class HookedTime(FakeTimeProvider time, TimeSpan step) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            time.Advance(step);
            return time.GetUtcNow();
        }
    }
}
