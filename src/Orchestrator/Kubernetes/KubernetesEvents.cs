using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// Writes events of Components as Kubernetes Events, for <c>kubectl describe</c>. The same event within an hour increases the count of the first. Events are
/// for people: one that cannot be written, or for which the queue is full, is logged and dropped, and nothing waits for it.
/// </summary>
/// <remarks>Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/.</remarks>
/// <param name="store">The store to write to.</param>
/// <param name="reporter">The reporting instance, such as the Pod's name.</param>
/// <param name="time">The clock.</param>
/// <param name="newId">Returns a new id at each call, to tell Events of one Component apart.</param>
/// <param name="logger">Logs Events that could not be written.</param>
internal sealed class KubernetesEvents(IResourceStore store, string reporter, TimeProvider time, Func<string> newId, ILogger logger) : IEventSink
{
    private const string Source = "deployment-orchestrator";
    private const int MostRemembered = 4096;
    private const int MostWaiting = 16_384;

    // The limits of API servers: https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/events.go
    private const int LongestMessage = 1024;
    private static readonly TimeSpan Same = TimeSpan.FromHours(1);

    // Keeps only a Component's metadata: queued Events must not hold configs in memory.
    private readonly Channel<(ObjectMeta About, HandlerEvent Happened)> waiting = Channel.CreateBounded<(ObjectMeta About, HandlerEvent Happened)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest },
        dropped => Log.EventNotWritten(logger, ObjectKey.Of(dropped.About), dropped.Happened.Reason, "too many events are waiting"));

    private readonly Dictionary<EventKey, Written> written = [];

    /// <inheritdoc/>
    public void Record(Component component, HandlerEvent happened) => waiting.Writer.TryWrite((component.Metadata, happened));

    /// <summary>Accepts no more Events: <see cref="Run"/> ends when the queued ones are written.</summary>
    public void Complete() => waiting.Writer.TryComplete();

    /// <summary>Writes until stopped; later Events are not written.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            await foreach (var (about, happened) in waiting.Reader.ReadAllAsync(stop))
                await Write(about, happened, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task Write(ObjectMeta about, HandlerEvent happened, CancellationToken cancellation)
    {
        var eventKey = new EventKey(about.Uid, happened.Reason, happened.Message, happened.IsWarning);
        try
        {
            var now = time.GetUtcNow();
            var last = written.GetValueOrDefault(eventKey);
            if (last is not null && now - last.At < Same && await Count(last, now, cancellation) is { } counted)
            {
                written[eventKey] = Written.Of(counted, now);
                return;
            }

            if (written.Count >= MostRemembered)
                written.Clear();
            written[eventKey] = Written.Of(await store.Create(New(about, happened, now), cancellation), now);
        }
        catch (ResourceException e)
        {
            // A terminating namespace accepts no new objects; that refusal is not worth a log line.
            if (e.Error is not (ResourceError.Forbidden or ResourceError.NotFound) || !about.IsTerminating)
                Log.EventNotWritten(logger, ObjectKey.Of(about), happened.Reason, e.Message);
        }
#pragma warning disable CA1031 // A failed write must not block the later ones.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.EventNotWritten(logger, ObjectKey.Of(about), happened.Reason, $"{e.GetType().Name}: {e.Message}");
        }
    }

    // Null if it was deleted or changed: then a new one is written.
    private async Task<JsonObject?> Count(Written last, DateTimeOffset now, CancellationToken cancellation)
    {
        var again = last.Event.Tree.DeepClone().AsObject();
        again["count"] = (again["count"]?.GetValue<int>() ?? 1) + 1;
        again["lastTimestamp"] = TimestampConverter.ToText(now);
        try
        {
            return await store.Replace(again, cancellation);
        }
        catch (ResourceException e) when (e.Error is ResourceError.NotFound or ResourceError.Conflict)
        {
            return null;
        }
    }

    private JsonObject New(ObjectMeta about, HandlerEvent happened, DateTimeOffset now) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = $"{about.Name}.{newId()}", ["namespace"] = about.Namespace },
        ["involvedObject"] = new JsonObject
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = Component.KindName,
            ["namespace"] = about.Namespace,
            ["name"] = about.Name,
            ["uid"] = about.Uid,
            ["resourceVersion"] = about.ResourceVersion,
        },
        ["reason"] = happened.Reason,
        ["message"] = MessageText.Limit(happened.Message, LongestMessage),
        ["type"] = happened.IsWarning ? "Warning" : "Normal",
        ["source"] = new JsonObject { ["component"] = Source },
        ["firstTimestamp"] = TimestampConverter.ToText(now),
        ["lastTimestamp"] = TimestampConverter.ToText(now),
        ["count"] = 1,
        ["reportingComponent"] = Source,
        ["reportingInstance"] = reporter,
    };

    private sealed record EventKey(string? Uid, string Reason, string Message, bool IsWarning);

    private sealed record Written(PackedJson Event, DateTimeOffset At)
    {
        public static Written Of(JsonObject stored, DateTimeOffset at)
        {
            (stored["metadata"] as JsonObject)?.Remove("managedFields");
            var packed = PackedJson.Of(stored)!;
            packed.Pack();
            return new(packed, at);
        }
    }
}
