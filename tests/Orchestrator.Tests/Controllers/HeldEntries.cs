using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Tests.Controllers;

/// <summary>Counts the entries of every collection reachable from an object of ours, so that a newly added map counts, too.</summary>
internal static class HeldEntries
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    /// <summary>The counts by the field that holds the collection, without the store's, which belongs to the cluster.</summary>
    public static IReadOnlyList<string> Of(object root)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object>([root]);
        while (next.TryPop(out var held))
        {
            if (held is IResourceStore || !seen.Add(held))
                continue;
            for (var type = held.GetType(); type is not null && IsOurs(type); type = type.BaseType)
            {
                foreach (var field in type.GetFields(Fields).Where(f => !f.FieldType.IsPrimitive && f.FieldType != typeof(string)))
                {
                    if (field.GetValue(held) is not { } value)
                        continue;
                    if (value is ICollection collection)
                    {
                        var name = $"{type.Name}.{field.Name}";
                        counts[name] = counts.GetValueOrDefault(name) + collection.Count;
                    }

                    Push(value, next);
                }
            }
        }

        return [.. counts.Where(c => c.Value > 0).Select(c => $"{c.Key}: {c.Value}").Order(StringComparer.Ordinal)];
    }

    // Visits our own objects, in fields, collections and delegates.
    private static void Push(object value, Stack<object> next)
    {
        if (IsOurs(value.GetType()))
            next.Push(value);
        else if (value is Delegate { Target: { } target })
            next.Push(target);
        else if (value is IEnumerable items and not string)
        {
            foreach (var item in items.Cast<object?>().OfType<object>().SelectMany(Parts).Where(part => IsOurs(part.GetType())))
                next.Push(item);
        }
    }

    private static IEnumerable<object> Parts(object item) =>
        item.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            ? new[] { "Key", "Value" }.Select(part => type.GetProperty(part)!.GetValue(item)).OfType<object>()
            : item is ITuple tuple ? Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).OfType<object>() : [item];

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("DeploymentOrchestrator", StringComparison.Ordinal) == true && !type.IsEnum && !type.IsPrimitive;
}
