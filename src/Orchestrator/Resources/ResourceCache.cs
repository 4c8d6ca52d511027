using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// The resources of one type, kept up to date by list and watch. Subscribe first, then <see cref="Run"/>.
/// </summary>
/// <param name="store">Where the resources are.</param>
/// <param name="client">How they are read.</param>
/// <param name="time">The time of delays between tries.</param>
/// <param name="logger">Told of failed lists and watches.</param>
/// <param name="namespace">The one namespace to follow; null follows all.</param>
/// <remarks>
/// resourceVersions of one type compare as numbers: guaranteed by Kubernetes since 1.35 and true in every earlier version,
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions.
/// </remarks>
public sealed class ResourceCache<T>(IResourceStore store, ResourceClient<T> client, TimeProvider time, ILogger logger, string? @namespace = null)
    where T : class
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    // Held while a change is made and told, so that subscribers see changes in order; readers never wait for it.
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ObjectKey, Entry>> namespaces = new(StringComparer.Ordinal);
    private readonly List<Action<ResourceChange<T>>> subscribers = [];
    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(long Version, TaskCompletionSource Seen)> waiters = [];
    private long lastVersion;

    /// <summary>Ends when all resources were listed once and subscribers were told; cancelled where <see cref="Run"/> ends before that.</summary>
    public Task Synced => synced.Task;

    /// <summary>The version up to which everything is here and subscribers were told of it; <c>"0"</c> before the first list.</summary>
    public string LastResourceVersion => Volatile.Read(ref lastVersion).ToString(CultureInfo.InvariantCulture);

    /// <summary>Resources that do not have the record's shape.</summary>
    public IReadOnlyList<UnreadableResource> Unreadable =>
        [.. entries.Where(e => e.Value.Unreadable is not null).Select(e => new UnreadableResource(e.Key, e.Value.Unreadable!))];

    /// <summary>The resource, or null where there is none that can be read.</summary>
    public T? Get(ObjectKey key) => entries.TryGetValue(key, out var entry) ? entry.Value : null;

    /// <summary>All readable resources, in no order.</summary>
    public IReadOnlyList<T> All() => [.. entries.Select(e => e.Value.Value).OfType<T>()];

    /// <summary>The readable resources of one namespace, in no order.</summary>
    public IReadOnlyList<T> InNamespace(string name) =>
        namespaces.TryGetValue(name, out var own) ? [.. own.Select(e => e.Value.Value).OfType<T>()] : [];

    /// <summary>
    /// Calls for every change from now on, in order, one at a time, before <see cref="LastResourceVersion"/> moves.
    /// The subscriber is to be quick (add a key to a queue) and must not throw: the cache stands still meanwhile.
    /// </summary>
    public void Subscribe(Action<ResourceChange<T>> subscriber)
    {
        lock (gate)
            subscribers.Add(subscriber);
    }

    /// <summary>
    /// Takes in the answer of a caller's own write, so that it reads what it wrote. Ignored where the cache is as far already.
    /// </summary>
    public void Observe(T written)
    {
        var resource = client.Write(written);
        var key = ObjectKey.Of(resource);
        if (@namespace is not null && key.Namespace != @namespace)
            return;
        lock (gate)
        {
            // What the watch has told of counts, a deletion included: this write came before it.
            var version = VersionOf(resource);
            if (version > lastVersion)
                Put(key, new(version, written, null));
        }
    }

    /// <summary>Ends when everything up to a version is here and subscribers were told of it; cancelled where <see cref="Run"/> ends before that.</summary>
    public Task WhenSeen(string resourceVersion)
    {
        var version = long.Parse(resourceVersion, CultureInfo.InvariantCulture);
        lock (gate)
        {
            if (lastVersion >= version)
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((version, seen));
            return seen.Task;
        }
    }

    /// <summary>
    /// Lists and watches until cancelled. What the store refuses is tried again after 1 s, doubling to 30 s. A watch that told something and then ended,
    /// or that expired, is followed up at once.
    /// </summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            // Those that came to nothing, in a row.
            var tries = 0;
            var isListed = false;
            while (true)
            {
                var started = time.GetTimestamp();
                var before = lastVersion;
                ResourceException? failure = null;
                try
                {
                    if (!isListed)
                        Reset(await store.List(client.Type, @namespace, cancellation));
                    isListed = true;
                    before = lastVersion;
                    await foreach (var happened in store.Watch(client.Type, @namespace, LastResourceVersion, cancellation))
                        Take(happened);
                }
                catch (ResourceException e)
                {
                    failure = e;
                    isListed = isListed && e.Error != ResourceError.Expired;
                }

                cancellation.ThrowIfCancellationRequested();
                if (lastVersion > before || time.GetElapsedTime(started) >= LongestDelay)
                    tries = 0;
                var canGoOn = failure is null ? lastVersion > before : failure.Error == ResourceError.Expired && tries == 0;
                var delay = canGoOn ? TimeSpan.Zero : ExponentialBackoff.Delay(tries, FirstDelay, LongestDelay);
                tries++;
                if (failure is not null)
                    Log.WatchFailed(logger, client.Type, failure.Error, failure.Message, delay);
                if (delay > TimeSpan.Zero)
                    await Task.Delay(delay, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            synced.TrySetCanceled(CancellationToken.None);
            lock (gate)
                waiters.ForEach(w => w.Seen.TrySetCanceled(CancellationToken.None));
        }
    }

    private void Reset(ResourceList list)
    {
        lock (gate)
        {
            var version = long.Parse(list.ResourceVersion, CultureInfo.InvariantCulture);
            var listed = new HashSet<ObjectKey>();
            foreach (var resource in list.Items)
            {
                listed.Add(ObjectKey.Of(resource));
                Put(resource);
            }

            // What was observed after the list was made is in no list yet.
            foreach (var (key, entry) in entries.Where(e => e.Value.Version <= version && !listed.Contains(e.Key)))
                Remove(key, entry);
            Advance(version);
        }

        synced.TrySetResult();
    }

    private void Take(WatchEvent happened)
    {
        lock (gate)
        {
            var version = VersionOf(happened.Resource);
            switch (happened.Type)
            {
                case WatchEventType.Added or WatchEventType.Modified:
                    Put(happened.Resource);
                    break;
                case WatchEventType.Deleted when entries.TryGetValue(ObjectKey.Of(happened.Resource), out var entry) && entry.Version <= version:
                    Remove(ObjectKey.Of(happened.Resource), entry);
                    break;
            }

            Advance(version);
        }
    }

    private void Advance(long version)
    {
        Volatile.Write(ref lastVersion, version);
        foreach (var (_, seen) in waiters.Where(w => w.Version <= version))
            seen.TrySetResult();
        waiters.RemoveAll(w => w.Version <= version);
    }

    private void Put(JsonObject resource)
    {
        var record = client.TryRead(resource, out var problem);
        Put(ObjectKey.Of(resource), new(VersionOf(resource), record, record is null ? problem : null));
    }

    private void Put(ObjectKey key, Entry entry)
    {
        entries.TryGetValue(key, out var before);
        if (before is not null && before.Version >= entry.Version)
            return;
        entries[key] = entry;
        if (key.Namespace is { } home)
            namespaces.GetOrAdd(home, _ => new())[key] = entry;
        Tell(new(key, before?.Value, entry.Value, entry.Unreadable));
    }

    private void Remove(ObjectKey key, Entry entry)
    {
        entries.TryRemove(key, out _);
        if (key.Namespace is { } home && namespaces.TryGetValue(home, out var own) && own.TryRemove(key, out _) && own.IsEmpty)
            namespaces.TryRemove(home, out _);
        Tell(new(key, entry.Value, null, null));
    }

    private void Tell(ResourceChange<T> change)
    {
        foreach (var subscriber in subscribers)
            subscriber(change);
    }

    private static long VersionOf(JsonObject resource) =>
        long.Parse((string)resource["metadata"]!["resourceVersion"]!, CultureInfo.InvariantCulture);

    private sealed record Entry(long Version, T? Value, string? Unreadable);
}

/// <summary>One change in a <see cref="ResourceCache{T}"/>.</summary>
/// <param name="Key">Which resource.</param>
/// <param name="Before">What it was; null where it is new or could not be read.</param>
/// <param name="After">What it is; null where it is gone or cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read; null where it can, and where it is gone.</param>
public sealed record ResourceChange<T>(ObjectKey Key, T? Before, T? After, string? Unreadable)
    where T : class;

/// <summary>A resource that does not have the record's shape.</summary>
/// <param name="Key">Which resource.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record UnreadableResource(ObjectKey Key, string Message);
