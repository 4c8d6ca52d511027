using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Resources;

public abstract partial class ResourceStoreContract
{
    [Fact]
    public async Task Watch_reports_every_change_after_a_version_in_order()
    {
        var name = await NewNamespace();
        var from = (await Store.List(ResourceType.Component, name, Cancellation)).ResourceVersion;
        var created = await Store.Create(Component(name, "a"), Cancellation);
        var replaced = await Store.Replace(WithTimeout(created, "6m"), Cancellation);
        var status = await Store.ReplaceStatus(WithPhase(replaced, "Ready"), Cancellation);
        await Delete(status);

        var events = await Events(ResourceType.Component, name, from, 4);

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Modified, WatchEventType.Deleted], events.Select(e => e.Type));
        Assert.True(JsonNode.DeepEquals(created, events[0].Resource));
        Assert.True(JsonNode.DeepEquals(replaced, events[1].Resource));
        Assert.True(JsonNode.DeepEquals(status, events[2].Resource));
        Assert.Equal("Ready", (string)events[3].Resource["status"]!["phase"]!);
        Assert.True(Number(events[3].Resource) > Number(status));
    }

    [Fact]
    public async Task Watch_does_not_repeat_the_version_it_starts_from()
    {
        var name = await NewNamespace();
        var created = await Store.Create(Component(name, "a"), Cancellation);
        var replaced = await Store.Replace(WithTimeout(created, "6m"), Cancellation);

        Assert.Equal(VersionOf(replaced), VersionOf(Assert.Single(await Events(ResourceType.Component, name, VersionOf(created), 1)).Resource));
    }

    [Fact]
    public async Task Watch_continues_with_later_changes()
    {
        var name = await NewNamespace();
        var from = (await Store.List(ResourceType.Component, name, Cancellation)).ResourceVersion;
        var watch = Events(ResourceType.Component, name, from, 2);
        Assert.False(watch.IsCompleted);

        var created = await Store.Create(Component(name, "a"), Cancellation);
        await Delete(created);

        Assert.Equal([WatchEventType.Added, WatchEventType.Deleted], (await watch).Select(e => e.Type));
    }

    [Fact]
    public async Task A_metadata_watch_of_one_name_reports_that_resource_only()
    {
        var name = await NewNamespace();
        await Store.Create(ConfigMap(name, "mine"), Cancellation);
        await Store.Create(ConfigMap(name, "other"), Cancellation);
        var feed = Store.MetadataOf("mine");

        var list = await feed.List(ResourceType.ConfigMap, name, Cancellation);
        var whole = Assert.Single((await Store.Named("mine").List(ResourceType.ConfigMap, name, Cancellation)).Items);
        Assert.True(JsonNode.DeepEquals(await Store.Get(ResourceType.ConfigMap, new(name, "mine"), Cancellation), whole));
        await Delete(await Store.Get(ResourceType.ConfigMap, new(name, "other"), Cancellation) ?? []);
        await Delete(await Store.Get(ResourceType.ConfigMap, new(name, "mine"), Cancellation) ?? []);

        Assert.Equal("mine", ObjectKey.Of(Assert.Single(list.Items)).Name);
        await foreach (var happened in feed.Watch(ResourceType.ConfigMap, name, list.ResourceVersion, Cancellation))
        {
            if (happened.Type == WatchEventType.Bookmark)
                continue;
            Assert.Equal((WatchEventType.Deleted, "mine"), (happened.Type, ObjectKey.Of(happened.Resource).Name));
            break;
        }
    }

    [Fact]
    public async Task Watch_reports_its_kind_and_namespace_only()
    {
        var (first, second) = (await NewNamespace(), await NewNamespace());
        var from = (await Store.List(ResourceType.Component, null, Cancellation)).ResourceVersion;
        await Store.Create(ConfigMap(first, "other-kind"), Cancellation);
        await Store.Create(Component(second, "other-namespace"), Cancellation);
        await Store.Create(Component(first, "mine"), Cancellation);

        Assert.Equal("mine", ObjectKey.Of(Assert.Single(await Events(ResourceType.Component, first, from, 1)).Resource).Name);
    }

    [Fact]
    public async Task A_watch_from_a_version_that_is_not_reached_yet_has_expired()
    {
        var name = await NewNamespace();
        var reached = long.Parse((await Store.List(ResourceType.Component, name, Cancellation)).ResourceVersion, CultureInfo.InvariantCulture);

        await Refused(ResourceError.Expired, Events(ResourceType.Component, name, $"{reached + 1_000_000}", 1));
    }

    [Fact]
    public async Task Several_watches_get_the_same_events()
    {
        var name = await NewNamespace();
        var from = (await Store.List(ResourceType.ConfigMap, name, Cancellation)).ResourceVersion;
        var watches = Enumerable.Range(0, 3).Select(_ => Events(ResourceType.ConfigMap, name, from, 2)).ToList();

        await Store.Create(ConfigMap(name, "a"), Cancellation);
        await Store.Create(ConfigMap(name, "b"), Cancellation);

        var seen = await Task.WhenAll(watches);
        Assert.All(seen, events => Assert.Equal(seen[0].Select(e => VersionOf(e.Resource)), events.Select(e => VersionOf(e.Resource))));
    }

    [Fact]
    public async Task Cancellation_ends_a_watch()
    {
        var name = await NewNamespace();
        var from = (await Store.List(ResourceType.Component, name, Cancellation)).ResourceVersion;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var watch = Store.Watch(ResourceType.Component, name, from, cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task Deletion_of_an_object_with_a_finalizer_is_Modified_and_then_Deleted()
    {
        var created = await Store.Create(WithFinalizers(Component(await NewNamespace(), "a"), Hold), Cancellation);
        await Delete(created);
        await Store.Replace(WithFinalizers((await Get(created))!), Cancellation);

        var events = await Events(ResourceType.Component, ObjectKey.Of(created).Namespace, VersionOf(created), 2);

        Assert.Equal([WatchEventType.Modified, WatchEventType.Deleted], events.Select(e => e.Type));
        Assert.All(events, e => Assert.True(IsTerminating(e.Resource)));
    }
}
