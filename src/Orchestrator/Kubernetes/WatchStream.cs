using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>The events of one watch: a sequence of JSON objects, as long as the connection lives.</summary>
internal sealed class WatchStream(ApiCall call, KubernetesStoreOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>The events until the server or the connection ends. Throws if the server reports an error.</summary>
    public async IAsyncEnumerable<WatchEvent> Read(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var patience = options.WatchTimeout + Margin;
        using var stalled = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stalled.Token);
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        await using var lines = JsonSerializer.DeserializeAsyncEnumerable(body, WireJson.Object, topLevelValues: true, either.Token)
            .GetAsyncEnumerator(either.Token);
        while (await Next(lines, cancellation) is { } line)
        {
            var happened = Event(line);
            if (happened.Type == WatchEventType.Bookmark)
                patience = options.BookmarkTimeout;
            yield return happened;
            stalled.CancelAfter(patience);
        }
    }

    private async Task<JsonObject?> Next(IAsyncEnumerator<JsonObject?> lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.MoveNextAsync() ? lines.Current : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Log.WatchStalled(logger, call);
            return null;
        }
        catch (Exception e) when (ApiServer.IsBroken(e))
        {
            cancellation.ThrowIfCancellationRequested();
            Log.WatchBroken(logger, call, e.Message);
            return null;
        }
    }

    private WatchEvent Event(JsonObject line)
    {
        var resource = line["object"] as JsonObject;
        line.Remove("object");
        return ((string?)line["type"], resource) switch
        {
            ("ADDED", not null) => new(WatchEventType.Added, resource),
            ("MODIFIED", not null) => new(WatchEventType.Modified, resource),
            ("DELETED", not null) => new(WatchEventType.Deleted, resource),
            ("BOOKMARK", not null) => new(WatchEventType.Bookmark, resource),
            ("ERROR", not null) => throw ApiStatus.Failure(call.ToString(), resource),
            var (type, _) => throw new ResourceException(ResourceError.Unavailable, $"{call}: an event of unknown type \"{type}\""),
        };
    }
}
