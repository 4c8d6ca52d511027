using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// The state of each Component at its handler's last call. The handler is called again only when one of its inputs changed or its next call is due, not for
/// our own status writes, labels or a resync. A restart loses it, which costs one call each. It uses the monotonic clock, so clock steps have no effect.
/// </summary>
internal sealed class ReconcileTracker(TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();

    /// <summary>
    /// Whether the handler was called for these inputs, left this status and is not due yet; <paramref name="dueIn"/> is the time until it is due, if ever.
    /// </summary>
    public bool IsUpToDate(Component component, JsonObject config, out TimeSpan? dueIn)
    {
        dueIn = null;
        if (!entries.TryGetValue(ObjectKey.Of(component.Metadata), out var entry)
            || entry.Inputs != Inputs(component, config)
            || !ComponentSession.Same(entry.Status, component.Status))
            return false;
        dueIn = entry.Next - time.GetElapsedTime(entry.Called);
        return dueIn is null || dueIn > TimeSpan.Zero;
    }

    /// <summary>
    /// Records the start of a call; pass the result to <see cref="Note"/>. A call that never ends counts for nothing.
    /// </summary>
    public object Begin(Component component) => entries[ObjectKey.Of(component.Metadata)] = new("", null, 0, null, null);

    /// <summary>The memo of the last call with the same inputs; null if there is none.</summary>
    public object? Memo(Component component, JsonObject config) =>
        entries.TryGetValue(ObjectKey.Of(component.Metadata), out var entry) && entry.Inputs == Inputs(component, config) ? entry.Memo : null;

    /// <summary>Records the end of a call, its memo, and when the next one is due; null for never.</summary>
    public void Note(object begun, Component component, JsonObject config, object? memo, TimeSpan? next) =>
        entries.TryUpdate(
            ObjectKey.Of(component.Metadata), new(Inputs(component, config), component.Status, time.GetTimestamp(), next, memo), (Entry)begun);

    /// <summary>Makes the next reconcile call the handler in any case.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    /// <summary>A digest of a call's inputs: the resolved spec, and whatever else requires a call.</summary>
    public static string Inputs(Component component, JsonObject config)
    {
        var metadata = component.Metadata;
        var text = string.Join('\n', metadata.Uid, metadata.Generation, metadata.IsTerminating,
            metadata.Annotation(ApiGroup.RequestedAtAnnotation), config.ToJsonString());
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    // Compared by reference: each call has an entry of its own.
    private sealed class Entry(string inputs, ComponentStatus? status, long called, TimeSpan? next, object? memo)
    {
        public string Inputs => inputs;

        public ComponentStatus? Status => status;

        public long Called => called;

        public TimeSpan? Next => next;

        public object? Memo => memo;
    }
}
