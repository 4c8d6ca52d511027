using System.Globalization;
using System.Threading.Channels;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// The last events of all kinds, and the watchers. Not synchronized: the caller holds the store's lock. A watcher's channel is unbounded, so that a slow
/// watcher blocks no writer.
/// </summary>
internal sealed class EventHistory(int limit)
{
    private readonly Queue<StoredEvent> events = new();
    private readonly HashSet<Watcher> watchers = [];
    private readonly Dictionary<(string Group, string Kind, string? Namespace), long> lastVersions = [];
    private long forgotten;

    public void Add(StoredEvent happened)
    {
        if (events.Count == limit)
            forgotten = events.Dequeue().Version;
        events.Enqueue(happened);
        var id = happened.Resource.Id;
        lastVersions[(id.Group, id.Kind, null)] = happened.Version;
        lastVersions[(id.Group, id.Kind, id.Key.Namespace)] = happened.Version;
        foreach (var watcher in watchers)
            watcher.Offer(happened);
    }

    /// <summary>The version of the kind's last event, in one namespace or (null) in all; 0 without events.</summary>
    public long LastVersion(ResourceType type, string? @namespace) => lastVersions.GetValueOrDefault((type.Group, type.Kind, @namespace));

    /// <summary>A watcher whose channel has every event after the version, and receives every later one.</summary>
    public Watcher Watch(ResourceType type, string? @namespace, string resourceVersion, long current)
    {
        if (!long.TryParse(resourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new ResourceException(ResourceError.Invalid, $"\"{resourceVersion}\" is not a resourceVersion of this store");
        if (version < forgotten)
            throw new ResourceException(ResourceError.Expired, $"too old resource version: {version} ({forgotten + 1})");
        if (version > current)
            throw new ResourceException(ResourceError.Expired, $"resource version {version} is not reached yet ({current})");
        var watcher = new Watcher(type, @namespace);
        foreach (var past in events)
        {
            if (past.Version > version)
                watcher.Offer(past);
        }

        watchers.Add(watcher);
        return watcher;
    }

    public void End(Watcher watcher) => watchers.Remove(watcher);

    /// <summary>One event of a resource.</summary>
    internal sealed record StoredEvent(long Version, WatchEventType Type, StoredResource Resource)
    {
        public WatchEvent Copy() => new(Type, Resource.Copy());
    }

    /// <summary>One watch of a kind, in one namespace or in all.</summary>
    internal sealed class Watcher(ResourceType type, string? @namespace)
    {
        private readonly Channel<StoredEvent> channel =
            Channel.CreateUnbounded<StoredEvent>(new() { SingleReader = true, SingleWriter = true });

        public ChannelReader<StoredEvent> Events => channel.Reader;

        public void Offer(StoredEvent happened)
        {
            var id = happened.Resource.Id;
            if (id.Group == type.Group && id.Kind == type.Kind && (@namespace is null || id.Key.Namespace == @namespace))
                channel.Writer.TryWrite(happened);
        }
    }
}
