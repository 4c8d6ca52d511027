using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The applied state of answers whose status the store refused. It is stored before the next call, so that the call continues from it and repeats nothing,
/// however often the store refuses. A restart loses it, as it loses a call that it interrupts.
/// </summary>
internal sealed class PendingStatus
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();

    /// <summary>Keeps the applied state of an answer whose status was not stored.</summary>
    public void Keep(Component component, HandlerAnswer answer)
    {
        if (answer.Applied is { } applied)
            entries[ObjectKey.Of(component.Metadata)] = new(component.Metadata.Uid!, component.Status, applied);
    }

    /// <summary>The applied state to store. Null if there is none, if the status was stored after all, or if another client changed it.</summary>
    public JsonObject? Of(Component component) =>
        entries.TryGetValue(ObjectKey.Of(component.Metadata), out var entry) && entry.Uid == component.Metadata.Uid
            && ComponentSession.Same(entry.Before, component.Status)
            ? entry.Applied
            : null;

    /// <summary>Drops the entry: a later status is stored, or the Component is gone.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    private sealed record Entry(string Uid, ComponentStatus? Before, JsonObject Applied);
}
