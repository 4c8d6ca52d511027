using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>
/// What each Component looked like when its handler was last called, so that the handler is called again only when something that it looks at
/// changed or the time has come: not for our own status writes, labels or a resync. Lost at a restart, which costs one call each.
/// Time here is elapsed time: a step of the clock neither hurries nor delays anything.
/// </summary>
internal sealed class ReconcileTracker(TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = new();

    /// <summary>
    /// Whether the handler was called for just this and left this status, and is not due yet; then <paramref name="dueIn"/> says when it is, if ever.
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
    /// Notes that a call begins; the answer is for <see cref="Note"/>. A call that never ends settles nothing.
    /// </summary>
    public object Begin(Component component) => entries[ObjectKey.Of(component.Metadata)] = new("", null, 0, null, null);

    /// <summary>What the handler left at its last call, where it was called for just this; null otherwise.</summary>
    public object? Memo(Component component, JsonObject config) =>
        entries.TryGetValue(ObjectKey.Of(component.Metadata), out var entry) && entry.Inputs == Inputs(component, config) ? entry.Memo : null;

    /// <summary>Notes a call that ended, what the handler left for the next one, and when that is due; null never.</summary>
    public void Note(object begun, Component component, JsonObject config, object? memo, TimeSpan? next) =>
        entries.TryUpdate(
            ObjectKey.Of(component.Metadata), new(Inputs(component, config), component.Status, time.GetTimestamp(), next, memo), (Entry)begun);

    /// <summary>The next reconcile calls the handler whatever it finds.</summary>
    public void Forget(ObjectKey key) => entries.TryRemove(key, out _);

    /// <summary>What a handler is called for, as a digest: the spec with its references resolved, and what else asks for a call.</summary>
    public static string Inputs(Component component, JsonObject config)
    {
        var metadata = component.Metadata;
        var text = string.Join('\n', metadata.Uid, metadata.Generation, metadata.IsTerminating,
            metadata.Annotation(ApiGroup.RequestedAtAnnotation), config.ToJsonString());
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    // Compared by reference: each call has its own.
    private sealed class Entry(string inputs, ComponentStatus? status, long called, TimeSpan? next, object? memo)
    {
        public string Inputs => inputs;

        public ComponentStatus? Status => status;

        public long Called => called;

        public TimeSpan? Next => next;

        public object? Memo => memo;
    }
}
