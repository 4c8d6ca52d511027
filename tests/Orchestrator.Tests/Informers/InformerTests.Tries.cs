using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Tests.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Tests.Informers;

public sealed partial class ResourceCacheTests
{
    [Fact]
    public async Task A_watch_that_had_events_is_restarted_at_once()
    {
        var watch = await Started("7");
        watch.Send(WatchEventType.Added, Json("a", 8));
        watch.End();

        Assert.Equal("8", (await store.NextWatch()).From);
    }

    [Fact]
    public async Task Watches_without_events_are_retried_with_growing_backoff()
    {
        var watch = await Started("7");
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            watch.End();
            Assert.Equal(TimeSpan.FromSeconds(seconds), await time.PassNextTimer());
            watch = await store.NextWatch();
            Assert.Equal("7", watch.From);
        }

        watch.Send(WatchEventType.Added, Json("a", 8));
        watch.Fail(ResourceError.Unavailable);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.NextTimer());
    }

    [Fact]
    public async Task A_watch_that_lasted_counts_as_a_success()
    {
        var watch = await Started("7");
        watch.End();
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        watch = await store.NextWatch();
        time.Advance(TimeSpan.FromMinutes(5));

        watch.End();

        Assert.Equal(TimeSpan.FromSeconds(1), await time.NextTimer());
    }

    [Fact]
    public async Task A_store_that_was_unreachable_is_listed_again_because_it_may_be_restored()
    {
        var watch = await Started("7", Json("phantom", 5));
        watch.Fail(ResourceError.Unavailable);

        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        (await store.NextList()).Answer("9", Json("new", 6));

        Assert.Equal("9", (await store.NextWatch()).From);
        Assert.Equal("new", Assert.Single(cache.All()).Metadata.Name);
    }

    [Theory]
    [InlineData(ResourceError.Forbidden)]
    [InlineData(ResourceError.NotServed)]
    public async Task A_failed_watch_is_resumed_where_it_was(object error)
    {
        var watch = await Started("7", Json("a", 5));
        watch.Send(WatchEventType.Modified, Json("a", 8, "two"));
        watch.Fail((ResourceError)error);

        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        Assert.Equal("8", (await store.NextWatch()).From);
        Assert.Equal("two", cache.Get(Key("a"))!.Spec.Handler);
    }

    [Fact]
    public async Task A_failed_list_is_tried_again()
    {
        running = cache.Run(stop.Token);
        (await store.NextList()).Fail(ResourceError.NotServed);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());
        (await store.NextList()).Fail(ResourceError.Unavailable);
        Assert.Equal(TimeSpan.FromSeconds(2), await time.PassNextTimer());
        Assert.False(cache.Synced.IsCompleted);

        (await store.NextList()).Answer("7", Json("a", 5));

        await cache.Synced.Soon();
        Assert.Equal("7", (await store.NextWatch()).From);
    }

    [Fact]
    public async Task An_expired_watch_lists_again_and_reports_what_was_deleted_meanwhile()
    {
        var watch = await Started("7", Json("gone", 3), Json("changed", 4), Json("same", 5));
        watch.Fail(ResourceError.Expired);

        (await store.NextList()).Answer("20", Json("changed", 15, "two"), Json("same", 5), Json("new", 16));

        Assert.Equal("20", (await store.NextWatch()).From);
        Assert.Equal("changed: one > two", await NextChangeAsText());
        Assert.Equal("new: - > one", await NextChangeAsText());
        Assert.Equal("gone: one > -", await NextChangeAsText());
        Assert.False(changes.Reader.TryRead(out _));
        Assert.Null(cache.Get(Key("gone")));
        Assert.Equal("20", cache.LastResourceVersion);
    }

    [Fact]
    public async Task Watches_that_keep_expiring_are_slowed_down()
    {
        var watch = await Started("7");
        watch.Fail(ResourceError.Expired);
        (await store.NextList()).Answer("20");
        watch = await store.NextWatch();

        watch.Fail(ResourceError.Expired);

        Assert.Equal(TimeSpan.FromSeconds(2), await time.PassNextTimer());
        await store.NextList();
    }

    [Fact]
    public async Task Cancellation_ends_the_informer_and_waits_for_its_first_list()
    {
        running = cache.Run(stop.Token);
        await store.NextList();

        await stop.CancelAsync();
        await running;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.Synced);
    }

    [Fact]
    public async Task Cancellation_ends_a_watch_and_a_delay()
    {
        var watch = await Started("7");
        watch.End();
        await time.NextTimer();

        await stop.CancelAsync();

        await running.Soon();
    }

    // A failure that ListAndWatch does not expect: its own report fails.
    [Fact]
    public async Task An_informer_that_dies_is_restarted()
    {
        var log = new FailingOnceLog();
        var followed = new Informer<Component>(store, Client(store), time, log);
        var run = followed.Run(stop.Token);
        (await store.NextList()).Fail(ResourceError.Unavailable);
        Assert.Equal(TimeSpan.FromSeconds(1), await time.PassNextTimer());

        (await store.NextList()).Answer("7", Json("a", 5));

        await followed.Synced.Soon();
        Assert.Equal("a", Assert.Single(followed.All()).Metadata.Name);
        Assert.StartsWith("The loop informer failed", Assert.Single(log.Lines), StringComparison.Ordinal);
        await stop.CancelAsync();
        await run;
    }

    private sealed class FailingOnceLog : ILogger
    {
        private bool hasFailed;

        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!hasFailed)
            {
                hasFailed = true;
                throw new InvalidOperationException("as scripted");
            }

            Lines.Add(formatter(state, exception));
        }
    }
}
