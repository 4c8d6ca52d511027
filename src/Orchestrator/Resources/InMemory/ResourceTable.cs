using System.Globalization;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.Resources.InMemory;

/// <summary>
/// The current resources with the indexes that ownership needs. Every write gets the next version, is sent to the watchers and added to <see
/// cref="Changes"/> for the garbage collector. Not synchronized: the caller holds the store's lock.
/// </summary>
internal sealed class ResourceTable(EventHistory history)
{
    private static readonly Comparer<ObjectKey> ByPlace = Comparer<ObjectKey>.Create((a, b) =>
        string.CompareOrdinal(a.Namespace, b.Namespace) is var order and not 0 ? order : string.CompareOrdinal(a.Name, b.Name));

    private readonly Dictionary<(string Group, string Kind), SortedDictionary<ObjectKey, StoredResource>> kinds = [];
    private readonly Dictionary<string, StoredResource> byUid = [];
    private readonly Dictionary<string, HashSet<ResourceId>> dependents = [];

    /// <summary>Writes that the garbage collector has not processed yet.</summary>
    public Queue<Change> Changes { get; } = new();

    /// <summary>The version of the last write.</summary>
    public long Version { get; private set; }

    public StoredResource? Find(ResourceId id) => kinds.GetValueOrDefault((id.Group, id.Kind))?.GetValueOrDefault(id.Key);

    public StoredResource? Find(string uid) => byUid.GetValueOrDefault(uid);

    /// <summary>The resources of a kind by namespace and name, as etcd lists them.</summary>
    public IEnumerable<StoredResource> List(ResourceType type, string? @namespace) =>
        kinds.TryGetValue((type.Group, type.Kind), out var kind)
            ? kind.Values.Where(r => @namespace is null || r.Id.Key.Namespace == @namespace)
            : [];

    public IEnumerable<StoredResource> InNamespace(string @namespace) =>
        kinds.Values.SelectMany(kind => kind.Values).Where(r => r.Id.Key.Namespace == @namespace);

    /// <summary>The resources that name this uid as an owner.</summary>
    public IReadOnlyList<StoredResource> DependentsOf(string uid) =>
        dependents.TryGetValue(uid, out var ids) ? [.. ids.Select(id => Find(id)!)] : [];

    /// <summary>Writes a resource.</summary>
    public StoredResource Put(JsonObject resource)
    {
        var after = new StoredResource(WithNextVersion(resource));
        var before = Find(after.Id);
        if (before is not null)
            Unlink(before);
        if (!kinds.TryGetValue((after.Id.Group, after.Id.Kind), out var kind))
            kinds[(after.Id.Group, after.Id.Kind)] = kind = new(ByPlace);
        kind[after.Id.Key] = after;
        byUid[after.Uid] = after;
        foreach (var owner in after.Owners)
        {
            if (!dependents.TryGetValue(owner.Uid, out var ids))
                dependents[owner.Uid] = ids = [];
            ids.Add(after.Id);
        }

        history.Add(new(Version, before is null ? WatchEventType.Added : WatchEventType.Modified, after));
        Changes.Enqueue(new(before, after));
        return after;
    }

    /// <summary>Removes a resource; its event has the last state with the version of the removal.</summary>
    public void Remove(StoredResource resource)
    {
        Unlink(resource);
        kinds[(resource.Id.Group, resource.Id.Kind)].Remove(resource.Id.Key);
        history.Add(new(Version + 1, WatchEventType.Deleted, new(WithNextVersion(resource.Copy()))));
        Changes.Enqueue(new(resource, null));
    }

    private JsonObject WithNextVersion(JsonObject resource)
    {
        resource["metadata"]!["resourceVersion"] = (++Version).ToString(CultureInfo.InvariantCulture);
        return resource;
    }

    private void Unlink(StoredResource resource)
    {
        byUid.Remove(resource.Uid);
        foreach (var owner in resource.Owners)
        {
            if (dependents.TryGetValue(owner.Uid, out var ids) && ids.Remove(resource.Id) && ids.Count == 0)
                dependents.Remove(owner.Uid);
        }
    }

    /// <summary>One write: Before is null for a new resource, After for a removed one.</summary>
    internal readonly record struct Change(StoredResource? Before, StoredResource? After);
}
