using System.IO.Pipelines;
using System.Text;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Time.Testing;

namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>How a watch is read and how it ends.</summary>
public sealed class WatchStreamTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly Pipe pipe = new();
    private readonly HttpResponseMessage response;
    private readonly IAsyncEnumerator<WatchEvent> events;

    public WatchStreamTests()
    {
        response = new() { Content = new StreamContent(pipe.Reader.AsStream()) };
        events = new WatchStream(new(HttpMethod.Get, "watched"), new(), time, new TestLog()).Read(response, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await events.DisposeAsync();
        response.Dispose();
    }

    [Fact]
    public async Task Each_watch_event_is_reported_as_soon_as_it_arrives()
    {
        await Send(Event("ADDED", "1"));
        Assert.Equal((WatchEventType.Added, "1"), await Next());
        await Send(Event("MODIFIED", "2") + Event("DELETED", "3"));
        Assert.Equal((WatchEventType.Modified, "2"), await Next());
        Assert.Equal((WatchEventType.Deleted, "3"), await Next());
        Assert.Null(events.Current.Resource.Parent);
    }

    [Fact]
    public async Task A_watch_event_may_be_large_and_arrive_in_parts()
    {
        var text = Event("ADDED", new string('7', 100_000));
        var next = Next();
        foreach (var part in text.Chunk(30_000))
            await Send(new string(part));

        Assert.Equal(100_000, (await next)!.Value.Version.Length);
    }

    [Fact]
    public async Task A_watch_ends_with_the_connection()
    {
        await Send(Event("ADDED", "1"));
        await pipe.Writer.CompleteAsync();

        Assert.NotNull(await Next());
        Assert.Null(await Next());
    }

    [Fact]
    public async Task A_watch_ends_when_the_connection_breaks_within_an_event()
    {
        await Send(Event("ADDED", "1") + Event("ADDED", "2")[..20]);
        Assert.NotNull(await Next());

        await pipe.Writer.CompleteAsync(new IOException("reset by peer"));

        Assert.Null(await Next());
    }

    [Fact]
    public async Task A_watch_ends_when_an_event_is_cut_off()
    {
        await Send(Event("ADDED", "1")[..20]);
        await pipe.Writer.CompleteAsync();

        Assert.Null(await Next());
    }

    [Fact]
    public async Task A_watch_without_a_bookmark_is_stalled_once_the_server_should_have_ended_it()
    {
        var next = Next();
        time.Advance(TimeSpan.FromSeconds(329));
        Assert.False(next.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await next);
    }

    [Fact]
    public async Task A_watch_with_bookmarks_is_stalled_after_three_minutes_of_silence()
    {
        await Send(Event("BOOKMARK", "1"));
        Assert.Equal((WatchEventType.Bookmark, "1"), await Next());
        time.Advance(TimeSpan.FromSeconds(179));
        await Send(Event("ADDED", "2"));
        Assert.Equal((WatchEventType.Added, "2"), await Next());
        var next = Next();
        time.Advance(TimeSpan.FromSeconds(179));
        Assert.False(next.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await next);
    }

    [Fact]
    public async Task A_watch_from_a_compacted_version_is_expired()
    {
        await Send("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","message":"too old","reason":"Expired","code":410}}""");

        Assert.Equal(ResourceError.Expired, (await Assert.ThrowsAsync<ResourceException>(Next)).Error);
    }

    private static string Event(string type, string version) =>
        $"{{\"type\":\"{type}\",\"object\":{{\"metadata\":{{\"name\":\"a\",\"resourceVersion\":\"{version}\"}}}}}}\n";

    private async Task Send(string text) => await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    // The first call starts the reading, and with it the timer for silence.
    private async Task<(WatchEventType Type, string Version)?> Next() => await events.MoveNextAsync().AsTask().WaitAsync(Patience.Limit)
        ? (events.Current.Type, (string)events.Current.Resource["metadata"]!["resourceVersion"]!)
        : null;
}
