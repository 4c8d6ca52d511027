using System.Collections.Concurrent;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Informers;

/// <summary>The entries of an <see cref="Informer{T}"/>, by key and by namespace. One writer at a time; readers never wait.</summary>
internal sealed class InformerEntries<T>
    where T : class
{
    private readonly ConcurrentDictionary<ObjectKey, InformerEntry<T>> all = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ObjectKey, InformerEntry<T>>> namespaces = new(StringComparer.Ordinal);

    /// <summary>All entries, in no particular order.</summary>
    public IEnumerable<KeyValuePair<ObjectKey, InformerEntry<T>>> All => all;

    /// <summary>The entries of one namespace, in no particular order.</summary>
    public IEnumerable<InformerEntry<T>> InNamespace(string name) => namespaces.TryGetValue(name, out var own) ? own.Select(e => e.Value) : [];

    /// <summary>The entry; null if there is none.</summary>
    public InformerEntry<T>? Find(ObjectKey key) => all.GetValueOrDefault(key);

    /// <summary>Adds or replaces an entry.</summary>
    public void Set(ObjectKey key, InformerEntry<T> entry)
    {
        all[key] = entry;
        if (key.Namespace is { } home)
            namespaces.GetOrAdd(home, _ => new())[key] = entry;
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(ObjectKey key)
    {
        all.TryRemove(key, out _);
        if (key.Namespace is { } home && namespaces.TryGetValue(home, out var own) && own.TryRemove(key, out _) && own.IsEmpty)
            namespaces.TryRemove(home, out _);
    }
}

/// <summary>One resource of an informer.</summary>
/// <param name="Version">Its resourceVersion.</param>
/// <param name="Uid">Its uid; null if it has none.</param>
/// <param name="Value">The record; null if it cannot be read.</param>
/// <param name="Unreadable">Why it cannot be read; null if it can.</param>
/// <param name="IsObserved">Whether it is the result of our own write that neither a list nor the watch has delivered yet.</param>
internal sealed record InformerEntry<T>(string Version, string? Uid, T? Value, string? Unreadable, bool IsObserved)
    where T : class;
