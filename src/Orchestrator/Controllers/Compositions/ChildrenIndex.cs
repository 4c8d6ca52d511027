using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The Components that each Composition is to see to, kept by the cache's changes: a look at one Composition costs nothing for all the others. Changes
/// come one at a time; readers may come at any time.
/// </summary>
internal sealed class ChildrenIndex(TimeProvider time)
{
    private static readonly ConcurrentDictionary<string, Entry> None = new();

    private readonly ConcurrentDictionary<ObjectKey, ConcurrentDictionary<string, Entry>> byComposition = new();

    /// <summary>Takes a change in; the answer is the Compositions whose Component it was or is.</summary>
    public IReadOnlyCollection<ObjectKey> Take(ResourceChange<Component> change)
    {
        var (before, after) = (CompositionOf(change.Before), CompositionOf(change.After));
        var since = time.GetUtcNow();
        if (before is { } left && byComposition.TryGetValue(left, out var others))
        {
            if (others.TryGetValue(change.Key.Name, out var last) && IsOneSpec(last.Component, change.After))
                since = last.Since;
            if (before != after && others.TryRemove(change.Key.Name, out _) && others.IsEmpty)
                byComposition.TryRemove(left, out _);
        }

        // The spec that it was created with is as old as the Component itself; of a later one nobody but us knows.
        if (after is { } home)
        {
            var metadata = change.After!.Metadata;
            byComposition.GetOrAdd(home, _ => new(StringComparer.Ordinal))[change.Key.Name] =
                new(change.After, metadata.Controller()?.Uid, metadata is { Generation: 1, CreationTimestamp: { } created } ? created : since);
        }

        return before == after ? (after is { } both ? [both] : []) : [.. new[] { before, after }.OfType<ObjectKey>()];
    }

    /// <summary>The Components of a Composition's name: its own by name, and those that it or one before it left behind.</summary>
    public (IReadOnlyDictionary<string, Component> Own, IReadOnlyList<Component> Others) Of(ObjectKey composition, string? uid)
    {
        var all = byComposition.GetValueOrDefault(composition, None);
        var (own, others) = (new Dictionary<string, Component>(all.Count, StringComparer.Ordinal), new List<Component>());
        foreach (var (name, entry) in all)
        {
            if (entry.Owner is not null && entry.Owner == uid)
                own.Add(name, entry.Component);
            else
                others.Add(entry.Component);
        }

        return (own, others);
    }

    /// <summary>Since when a child has the spec that it has; of an edited one, since when it was seen here.</summary>
    public DateTimeOffset Since(ObjectKey composition, Component child) =>
        byComposition.GetValueOrDefault(composition, None).TryGetValue(child.Metadata.Name, out var entry) ? entry.Since : time.GetUtcNow();

    private static bool IsOneSpec(Component one, Component? other) =>
        one.Metadata.Uid == other?.Metadata.Uid && one.Metadata.Generation == other?.Metadata.Generation;

    private static ObjectKey? CompositionOf(Component? component) =>
        component is not null && OrphanedChildren.CompositionOf(component) is { } name ? new(component.Metadata.Namespace, name) : null;

    private sealed record Entry(Component Component, string? Owner, DateTimeOffset Since);
}
