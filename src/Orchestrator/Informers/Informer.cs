using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>
/// The resources of one type, kept up to date by list and watch. Subscribe first, then <see cref="Run"/>.
/// </summary>
/// <remarks>
/// Events are applied in the order of arrival, whatever their versions. Versions are compared for two purposes only: whether the store or our own write is
/// newer, and whether a list is older than what arrived before. An older list means that the store was restored from a backup: the list then replaces the
/// whole cache.
/// </remarks>
internal sealed class Informer<T>
    where T : class
{
    // Held while a change is applied and delivered, so that subscribers see changes in order; readers never wait for it.
    private readonly Lock gate = new();
    private readonly InformerEntries<T> entries = new();
    private readonly List<Action<ResourceChange<T>>> subscribers = [];
    private readonly List<Action> onRestored = [];
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Version, TaskCompletionSource Seen)> waiters = [];
    private readonly ResourceClient<T> client;
    private readonly ILogger logger;
    private readonly string? @namespace;
    private readonly Func<T, T?, T>? keep;
    private readonly ListAndWatch<Listed> source;
    private volatile string lastVersion = "0";
    private volatile int history;

    /// <param name="feed">Lists and watches the resources.</param>
    /// <param name="client">Reads them.</param>
    /// <param name="time">The clock of the retries.</param>
    /// <param name="logger">Logs failed lists and watches.</param>
    /// <param name="namespace">The only namespace; null for all.</param>
    /// <param name="keep">
    /// Returns the part of a record to keep, packed, given the part kept of an earlier state in the same history, if any; null to keep all.
    /// </param>
    public Informer(
        IResourceFeed feed, ResourceClient<T> client, TimeProvider time, ILogger logger, string? @namespace = null, Func<T, T?, T>? keep = null)
    {
        (this.client, this.logger, this.@namespace, this.keep) = (client, logger, @namespace, keep);
        source = new(feed, client.Type, @namespace, resource => new(ObjectKey.Of(resource), Read(resource, null)), time, logger);
    }

    /// <summary>Completes when all resources were listed once and delivered to subscribers; cancelled if <see cref="Run"/> ends before.</summary>
    public Task Synced => synced.Task;

    /// <summary>Completes when the list that <see cref="Relist"/> requested was delivered; at once if none was requested.</summary>
    public Task Current => source.Current;

    /// <summary>The version up to which everything was delivered to subscribers; <c>"0"</c> before the first list.</summary>
    public string LastResourceVersion => lastVersion;

    /// <summary>How often the store was restored from a backup while this informer ran: versions and generations compare within one history.</summary>
    public int History => history;

    /// <summary>The resources that do not have the record's shape.</summary>
    public IReadOnlyList<UnreadableResource> Unreadable =>
        [.. entries.All.Where(e => e.Value.Unreadable is not null).Select(e => new UnreadableResource(e.Key, e.Value.Unreadable!))];

    /// <summary>The resource, or null if it does not exist or cannot be read.</summary>
    public T? Get(ObjectKey key) => entries.Find(key)?.Value;

    /// <summary>All readable resources, in no particular order.</summary>
    public IReadOnlyList<T> All() => [.. entries.All.Select(e => e.Value.Value).OfType<T>()];

    /// <summary>The readable resources of one namespace, in no particular order.</summary>
    public IReadOnlyList<T> InNamespace(string name) => [.. entries.InNamespace(name).Select(e => e.Value).OfType<T>()];

    /// <summary>
    /// Subscribes to every later change, in order, one at a time, before <see cref="LastResourceVersion"/> moves. The subscriber must be quick (add a key to
    /// a queue) and must not throw: the informer waits for it.
    /// </summary>
    public void Subscribe(Action<ResourceChange<T>> subscriber)
    {
        lock (gate)
            subscribers.Add(subscriber);
    }

    /// <summary>Subscribes to restores of the store from a backup; called before subscribers get the resulting changes.</summary>
    public void SubscribeRestored(Action subscriber)
    {
        lock (gate)
            onRestored.Add(subscriber);
    }

    /// <summary>
    /// Takes the result of a caller's own write, so that the caller reads what it wrote. Ignored if the informer already has it or a later version, and if
    /// the write began in another <see cref="History"/>.
    /// </summary>
    public void Observe(T written, int since)
    {
        var metadata = ((IResourceRecord)written).Metadata;
        var key = ObjectKey.Of(metadata);
        if (@namespace is not null && key.Namespace != @namespace)
            return;
        lock (gate)
        {
            var (before, version) = (entries.Find(key), metadata.ResourceVersion ?? "");
            // Anything the watch delivered in the meantime wins, including a deletion: this write came before it.
            if (since == history && ResourceVersion.IsOlder(lastVersion, version)
                && (before is not { IsObserved: true } || ResourceVersion.IsOlder(before.Version, version)))
                Put(key, new(version, metadata.Uid, Kept(written, before?.Value), Unreadable: null, IsObserved: true));
        }
    }

    /// <summary>Lists everything again, for when the state is in doubt.</summary>
    public void Relist() => source.Relist();

    /// <summary>
    /// Completes when everything up to a version was delivered to subscribers; at once if that cannot be known. Cancelled if <see cref="Run"/> ends before.
    /// </summary>
    public Task WhenSeen(string resourceVersion)
    {
        lock (gate)
        {
            if (!ResourceVersion.IsOlder(lastVersion, resourceVersion))
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((resourceVersion, seen));
            return seen.Task;
        }
    }

    /// <summary>Lists and watches until cancelled, through all failures.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            await source.Run(Reset, Take, () => lastVersion, cancellation);
        }
        finally
        {
            synced.TrySetCanceled(CancellationToken.None);
            lock (gate)
                waiters.ForEach(w => w.Seen.TrySetCanceled(CancellationToken.None));
        }
    }

    private void Reset(ResourceList<Listed> list)
    {
        lock (gate)
        {
            var isRestored = ResourceVersion.IsOlder(list.ResourceVersion, lastVersion);
            if (isRestored)
                Restored(list.ResourceVersion);
            var listed = new HashSet<ObjectKey>();
            foreach (var (key, entry) in list.Items)
            {
                listed.Add(key);
                var before = entries.Find(key);
                // The same version in two histories may be two states.
                if (before is null || (isRestored ? !IsOneState(before, entry) : IsNewer(before, entry.Version, entry.Uid)))
                    Put(key, entry);
                else if (isRestored || before.Version == entry.Version)
                    entries.Set(key, before with { IsObserved = false });
            }

            // A write observed after the list was made is not in the list.
            foreach (var (key, entry) in entries.All.Where(e => !listed.Contains(e.Key)))
            {
                if (isRestored || !entry.IsObserved || !ResourceVersion.IsOlder(list.ResourceVersion, entry.Version))
                    Remove(key, entry);
            }

            Advance(list.ResourceVersion);
        }

        synced.TrySetResult();
    }

    private void Restored(string version)
    {
        Log.StoreRestored(logger, client.Type, version, lastVersion);
        history++;
        onRestored.ForEach(tell => tell());
        // A version of an earlier history never arrives.
        waiters.ForEach(w => w.Seen.TrySetResult());
        waiters.Clear();
    }

    private void Take(WatchEvent happened)
    {
        lock (gate)
        {
            var key = ObjectKey.Of(happened.Resource);
            var version = ResourceVersion.Of(happened.Resource);
            // Events arrive in the order in which they happened.
            var isBack = happened.Type != WatchEventType.Deleted && ResourceVersion.IsOlder(version, lastVersion);
            if (isBack)
                throw new ResourceException(ResourceError.Expired, $"the watch delivered version {version} after version {lastVersion}");
            switch (happened.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    // A known state is not read again: it may be large, and every write of ours comes back this way.
                    var before = entries.Find(key);
                    if (before is null || IsNewer(before, version, UidOf(happened.Resource)))
                        Put(key, Read(happened.Resource, before?.Value));
                    else if (before.Version == version)
                        entries.Set(key, before with { IsObserved = false });
                    break;
                case WatchEventType.Deleted when entries.Find(key) is { } gone && !(gone.IsObserved && ResourceVersion.IsOlder(version, gone.Version)):
                    Remove(key, gone);
                    break;
            }

            if (version.Length > 0 && !ResourceVersion.IsOlder(version, lastVersion))
                Advance(version);
        }
    }

    private void Advance(string version)
    {
        lastVersion = version;
        foreach (var (_, seen) in waiters.Where(w => !ResourceVersion.IsOlder(version, w.Version)))
            seen.TrySetResult();
        waiters.RemoveAll(w => w.Seen.Task.IsCompleted);
    }

    // The store's state, unless it is older than a write of ours, or known already.
    private static bool IsNewer(InformerEntry<T> before, string version, string? uid) =>
        (before.Version != version || before.Uid != uid || version.Length == 0)
        && !(before.IsObserved && ResourceVersion.IsOlder(version, before.Version));

    private bool IsOneState(InformerEntry<T> one, InformerEntry<T> other) => one.Uid == other.Uid && one.Version == other.Version
        && one.Value is not (Component { Spec.IsTrimmed: true } or Composition { Spec.IsTrimmed: true })
        && (one.Value is null || other.Value is null
            ? one.Unreadable == other.Unreadable : JsonNode.DeepEquals(client.Write(one.Value), client.Write(other.Value)));

    private static string? UidOf(JsonObject resource) => (string?)resource["metadata"]?["uid"];

    private InformerEntry<T> Read(JsonObject resource, T? before)
    {
        var record = client.TryRead(resource, out var problem);
        return new(
            ResourceVersion.Of(resource), UidOf(resource), record is null ? null : Kept(record, before), record is null ? problem : null,
            IsObserved: false);
    }

    private T Kept(T record, T? before)
    {
        if (keep is not null)
            return keep(record, before);
        (record as IResourceRecord)?.Pack();
        return record;
    }

    private void Put(ObjectKey key, InformerEntry<T> entry)
    {
        var before = entries.Find(key);
        entries.Set(key, entry);
        Notify(new(key, before?.Value, entry.Value, entry.Unreadable));
    }

    private void Remove(ObjectKey key, InformerEntry<T> entry)
    {
        entries.Remove(key);
        Notify(new(key, entry.Value, null, null));
    }

    private void Notify(ResourceChange<T> change)
    {
        foreach (var subscriber in subscribers)
            subscriber(change);
    }

    private sealed record Listed(ObjectKey Key, InformerEntry<T> Entry);
}
