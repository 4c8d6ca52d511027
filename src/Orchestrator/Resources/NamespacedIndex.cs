using System.Collections.Concurrent;

namespace DeploymentOrchestrator.Resources;

/// <summary>
/// Objects by a name that they mention, namespace by namespace: the names of one namespace do not slow down lookups in others. One writer, many readers.
/// </summary>
internal sealed class NamespacedIndex
{
    private readonly ConcurrentDictionary<string, KeyIndex<string>> byNamespace = new(StringComparer.Ordinal);

    /// <summary>How many objects the index holds.</summary>
    public int Count => byNamespace.Values.Sum(index => index.Count);

    /// <summary>Sets the names that an object mentions; none removes it.</summary>
    public void Set(ObjectKey key, IReadOnlyList<string> names)
    {
        var ns = key.Namespace ?? "";
        if (names.Count == 0 && !byNamespace.ContainsKey(ns))
            return;
        var index = byNamespace.GetOrAdd(ns, _ => new());
        index.Set(key, names);
        if (index.Count == 0)
            byNamespace.TryRemove(ns, out _);
    }

    /// <summary>The objects that mention a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="namespaces">The namespaces to search; null for all.</param>
    public IEnumerable<ObjectKey> Of(string name, IEnumerable<string>? namespaces) =>
        (namespaces?.Select(ns => byNamespace.GetValueOrDefault(ns)).OfType<KeyIndex<string>>() ?? byNamespace.Values).SelectMany(index => index.Of(name));
}
