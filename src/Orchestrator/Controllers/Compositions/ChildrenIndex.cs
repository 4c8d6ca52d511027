using System.Collections.Concurrent;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The Components of each Composition, maintained from the informer's changes, so that a lookup costs the same beside any number of Compositions. Changes
/// come one at a time; reads may come at any time.
/// </summary>
internal sealed class ChildrenIndex(TimeProvider time)
{
    private static readonly ConcurrentDictionary<string, Entry> None = new();

    private readonly ConcurrentDictionary<ObjectKey, ConcurrentDictionary<string, Entry>> byComposition = new();

    /// <summary>Applies a change and returns the Compositions that the Component belonged or belongs to.</summary>
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

        // The spec of a new Component is as old as the Component; for a later spec we record when we saw it.
        if (after is { } home)
        {
            var metadata = change.After!.Metadata;
            byComposition.GetOrAdd(home, _ => new(StringComparer.Ordinal))[change.Key.Name] =
                new(change.After, metadata.Controller()?.Uid, metadata is { Generation: 1, CreationTimestamp: { } created } ? created : since);
        }

        return before == after ? (after is { } both ? [both] : []) : [.. new[] { before, after }.OfType<ObjectKey>()];
    }

    /// <summary>The Components of a Composition's name: its own children by name, and those that it or an earlier one left behind.</summary>
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

    /// <summary>Since when a child has its current spec; for an edited child, since when this process saw the edit.</summary>
    public DateTimeOffset Since(ObjectKey composition, Component child) =>
        byComposition.GetValueOrDefault(composition, None).TryGetValue(child.Metadata.Name, out var entry) ? entry.Since : time.GetUtcNow();

    private static bool IsOneSpec(Component one, Component? other) =>
        one.Metadata.Uid == other?.Metadata.Uid && one.Metadata.Generation == other?.Metadata.Generation;

    private static ObjectKey? CompositionOf(Component? component) =>
        component is not null && OrphanedChildren.CompositionOf(component) is { } name ? new(component.Metadata.Namespace, name) : null;

    private sealed record Entry(Component Component, string? Owner, DateTimeOffset Since);
}
