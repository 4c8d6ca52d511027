using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// What handlers remembered at the end of calls whose status the store refused. It is stored before the next call, which so builds on it and repeats nothing,
/// however often the store refuses. Lost at a restart, as a call is that a restart interrupts.
/// </summary>
internal sealed class PendingStatus
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();

    /// <summary>Keeps the memory of an answer whose status was not stored.</summary>
    public void Keep(Component component, HandlerAnswer answer)
    {
        if (answer.Applied is { } applied)
            entries[ObjectKey.Of(component.Metadata)] = new(component.Metadata.Uid!, component.Status, applied);
    }

    /// <summary>The memory that is to be stored yet. Null where there is none: also where the status was stored after all, or somebody changed it.</summary>
    public JsonObject? Of(Component component) =>
        entries.TryGetValue(ObjectKey.Of(component.Metadata), out var entry) && entry.Uid == component.Metadata.Uid
            && ComponentSession.Same(entry.Before, component.Status)
            ? entry.Applied
            : null;

    /// <summary>A later status is stored, or the Component is gone.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    private sealed record Entry(string Uid, ComponentStatus? Before, JsonObject Applied);
}
