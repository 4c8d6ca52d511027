namespace DeploymentOrchestrator.Resources;

/// <summary>Objects by a value, such as a name that they mention. Safe for concurrent use.</summary>
internal sealed class KeyIndex<T>
    where T : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<T, HashSet<ObjectKey>> byValue = [];
    private readonly Dictionary<ObjectKey, IReadOnlyList<T>> values = [];

    /// <summary>How many objects the index holds.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return values.Count;
        }
    }

    /// <summary>Sets the keys of an object; none removes it.</summary>
    public void Set(ObjectKey key, IReadOnlyList<T> now)
    {
        lock (gate)
        {
            var before = values.GetValueOrDefault(key, []);
            if (before.SequenceEqual(now))
                return;
            foreach (var value in before)
            {
                if (byValue.TryGetValue(value, out var keys) && keys.Remove(key) && keys.Count == 0)
                    byValue.Remove(value);
            }

            if (now.Count == 0)
                values.Remove(key);
            else
                values[key] = now;
            foreach (var value in now)
            {
                if (!byValue.TryGetValue(value, out var keys))
                    byValue[value] = keys = new(1);
                keys.Add(key);
            }
        }
    }

    /// <summary>The objects with a value.</summary>
    public IReadOnlyList<ObjectKey> Of(T value)
    {
        lock (gate)
            return byValue.TryGetValue(value, out var keys) ? [.. keys] : [];
    }
}
