using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>One list and watch of metadata, on behalf of those who follow objects of its scope.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly WatchScope scope;
    private readonly IResourceStore store;
    private readonly ILogger logger;
    private readonly ListAndWatch<ObjectVersion> source;
    private Task lookUps = Task.CompletedTask;
    private Task running = Task.CompletedTask;

    /// <param name="store">Where the objects are.</param>
    /// <param name="scope">What is watched.</param>
    /// <param name="tell">Called with the follower and what changed; quick, and throws nothing.</param>
    /// <param name="time">The time of delays between tries.</param>
    /// <param name="logger">Logs what fails.</param>
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

    /// <summary>What is followed. Only <see cref="Set"/> adds to it.</summary>
    public FollowedObjects Objects { get; }

    /// <summary>Starts it. It belongs to no work: neither to the trace nor to the turn of who follows first.</summary>
    /// <param name="listed">Called after each list.</param>
    public void Start(Action listed)
    {
        using var flow = ExecutionContext.SuppressFlow();
        running = Task.Run(() => Run(listed));
    }

    /// <summary>Somebody follows an object from now on, or has looked at it again. One caller at a time.</summary>
    public void Set(ObjectKey key, ObjectKey follower, string? seen)
    {
        if (!Objects.Set(key, follower, seen))
            return;
        var lookUp = Task.Run(() => LookUp(key));

        // What ended well is not held on to, however long the watch lives.
        lookUps = lookUps.IsCompletedSuccessfully ? lookUp : Task.WhenAll(lookUps, lookUp);
    }

    /// <summary>Ends when everything up to a version was told. The caller of <see cref="Set"/> calls this, too.</summary>
    public Task WhenSeen(string version) => Task.WhenAll(Objects.WhenSeen(version), lookUps);

    /// <summary>Stops it, without waiting for its end.</summary>
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

    // The watch told of the object before anybody followed it.
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
            // Nobody follows it any more.
        }
    }

    private static ObjectVersion Read(JsonObject resource) => new(ObjectKey.Of(resource), ResourceVersion.Of(resource));
}
