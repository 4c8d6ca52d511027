using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>What a <see cref="Informer{T}"/> holds, by key and by namespace. One writes at a time; readers never wait.</summary>
internal sealed class InformerEntries<T>
    where T : class
{
    private readonly ConcurrentDictionary<ObjectKey, InformerEntry<T>> all = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ObjectKey, InformerEntry<T>>> namespaces = new(StringComparer.Ordinal);

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<KeyValuePair<ObjectKey, InformerEntry<T>>> All => all;

    /// <summary>Those of one namespace, in no order.</summary>
    public IEnumerable<InformerEntry<T>> InNamespace(string name) => namespaces.TryGetValue(name, out var own) ? own.Select(e => e.Value) : [];

    /// <summary>The entry; null where there is none.</summary>
    public InformerEntry<T>? Find(ObjectKey key) => all.GetValueOrDefault(key);

    /// <summary>Puts an entry in the place of an earlier one, if any.</summary>
    public void Set(ObjectKey key, InformerEntry<T> entry)
    {
        all[key] = entry;
        if (key.Namespace is { } home)
            namespaces.GetOrAdd(home, _ => new())[key] = entry;
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(ObjectKey key)
    {
        all.TryRemove(key, out _);
        if (key.Namespace is { } home && namespaces.TryGetValue(home, out var own) && own.TryRemove(key, out _) && own.IsEmpty)
            namespaces.TryRemove(home, out _);
    }
}

/// <summary>One resource of a cache.</summary>
/// <param name="Version">Its resourceVersion.</param>
/// <param name="Uid">Its uid; null where it has none.</param>
/// <param name="Value">The record; null where it cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read; null where it can.</param>
/// <param name="IsObserved">It is the answer of a write of our own, and neither a list nor the watch has told of it yet.</param>
internal sealed record InformerEntry<T>(string Version, string? Uid, T? Value, string? Unreadable, bool IsObserved)
    where T : class;
