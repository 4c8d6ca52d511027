using System.Diagnostics.CodeAnalysis;

namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// Items of several tenants, who are served in turn: one of each, however many one of them has. First in, first out within a tenant. One caller at a time.
/// </summary>
/// <typeparam name="T">The type of an item.</typeparam>
internal sealed class Turns<T>
{
    private readonly Dictionary<string, Queue<T>> items = new(StringComparer.Ordinal);

    // The tenants that have items, each once.
    private readonly Queue<string> next = new();

    /// <summary>Adds an item behind those of its tenant.</summary>
    public void Add(string tenant, T item)
    {
        if (!items.TryGetValue(tenant, out var own))
        {
            items[tenant] = own = new();
            next.Enqueue(tenant);
        }

        own.Enqueue(item);
    }

    /// <summary>Takes an item of the tenant whose turn it is.</summary>
    /// <param name="item">The item.</param>
    /// <param name="isServed">Whether a tenant may be served now; others are skipped. Null: all may.</param>
    public bool TryTake([MaybeNullWhen(false)] out T item, Func<string, bool>? isServed = null)
    {
        for (var left = next.Count; left > 0; left--)
        {
            var tenant = next.Dequeue();
            if (isServed?.Invoke(tenant) == false)
            {
                next.Enqueue(tenant);
                continue;
            }

            var own = items[tenant];
            item = own.Dequeue();
            if (own.Count > 0)
                next.Enqueue(tenant);
            else
                items.Remove(tenant);
            return true;
        }

        item = default;
        return false;
    }
}
