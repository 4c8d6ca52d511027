using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>One list and watch of metadata, shared by all followers of objects in its scope.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly WatchScope scope;
    private readonly IResourceStore store;
    private readonly ILogger logger;
    private readonly ListAndWatch<ObjectVersion> source;
    private Task lookUps = Task.CompletedTask;
    private Task running = Task.CompletedTask;

    /// <param name="store">The store of the objects.</param>
    /// <param name="scope">What to watch.</param>
    /// <param name="tell">Called with the follower and the changed object; must be quick and must not throw.</param>
    /// <param name="time">The clock of the retries.</param>
    /// <param name="logger">Logs failures.</param>
    /// <param name="forbidden">Called where the scope may not be listed or watched; see <see cref="ListAndWatch{T}"/>.</param>
    public ObjectWatch(
        IResourceStore store, WatchScope scope, Action<ObjectKey, ObjectId> tell, TimeProvider time, ILogger logger,
        Func<WatchScope, ObjectWatch, string, CancellationToken, Task<bool>>? forbidden = null)
    {
        (this.scope, this.logger) = (scope, logger);
        this.store = scope.As is { } account ? store.As(account) : store;
        Objects = new(scope.Type, tell);
        source = new(
            this.store.MetadataOf(scope.Name), scope.Type, scope.Namespace, Read, time, logger,
            forbidden is null ? null : (message, cancellation) => forbidden(scope, this, message, cancellation));
    }

    /// <summary>The followed objects. Only <see cref="Set"/> adds to them.</summary>
    public FollowedObjects Objects { get; }

    /// <summary>Starts it, detached from the trace and the turn of the first follower.</summary>
    /// <param name="listed">Called after each list.</param>
    public void Start(Action listed)
    {
        using var flow = ExecutionContext.SuppressFlow();
        running = Task.Run(() => Run(listed));
    }

    /// <summary>Adds a follower, or updates what it has seen. One caller at a time.</summary>
    public void Set(ObjectKey key, ObjectKey follower, string? seen)
    {
        if (!Objects.Set(key, follower, seen))
            return;
        var lookUp = Task.Run(() => LookUp(key));

        // Drop completed lookups, however long the watch lives.
        lookUps = lookUps.IsCompletedSuccessfully ? lookUp : Task.WhenAll(lookUps, lookUp);
    }

    /// <summary>Completes when everything up to a version was delivered. Called by the caller of <see cref="Set"/>.</summary>
    public Task WhenSeen(string version) => Task.WhenAll(Objects.WhenSeen(version), lookUps);

    /// <summary>Stops it without waiting for its end.</summary>
    public void Cancel() => stop.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        await lookUps;
        stop.Dispose();
    }

    private async Task Run(Action listed)
    {
        try
        {
            await source.Run(Reset, Objects.Take, () => Objects.LastVersion, stop.Token);
        }
        finally
        {
            Objects.Suspend();
        }

        void Reset(ResourceList<ObjectVersion> list)
        {
            var before = Objects.LastVersion;
            if (Objects.Reset(list))
                Log.StoreRestored(logger, scope.Type, list.ResourceVersion, before);
            listed();
        }
    }

    // The watch reported the object before anyone followed it.
    private async Task LookUp(ObjectKey key)
    {
        try
        {
            var found = await store.MetadataOf(key.Name).List(scope.Type, scope.Namespace, Read, stop.Token);
            Objects.LookedUp(key, found.Items.FirstOrDefault(o => o.Key == key)?.Version);
        }
#pragma warning disable CA1031 // Whatever it is: the follower looks again, and reports what it finds.
        catch (Exception) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Objects.NotLookedUp(key);
        }
        catch (OperationCanceledException)
        {
            // No followers are left.
        }
    }

    private static ObjectVersion Read(JsonObject resource) => new(ObjectKey.Of(resource), ResourceVersion.Of(resource));
}
