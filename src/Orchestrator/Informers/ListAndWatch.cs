using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Informers;

/// <summary>Lists a kind and watches it from there, in a loop: failures are logged, counted and retried.</summary>
/// <param name="feed">Lists and watches the resources.</param>
/// <param name="type">The kind.</param>
/// <param name="namespace">The only namespace; null for all.</param>
/// <param name="read">Reads each resource of a list.</param>
/// <param name="time">The clock of the retries.</param>
/// <param name="logger">Logs failed lists and watches.</param>
/// <param name="forbidden">
/// Called with the reason if the caller may not list or watch. True: the callback has waited, and the kind is listed again at once. Null or false: the
/// failure is handled like any other.
/// </param>
internal sealed class ListAndWatch<T>(
    IResourceFeed feed, ResourceType type, string? @namespace, Func<JsonObject, T> read, TimeProvider time, ILogger logger,
    Func<string, CancellationToken, Task<bool>>? forbidden = null)
    where T : class
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private TaskCompletionSource? asked;
    private CancellationTokenSource? watching;
    private int asks;
    private int answered;

    /// <summary>Completes when the list that was requested last was delivered, at once if none was requested; cancelled if the run ends before.</summary>
    public Task Current
    {
        get
        {
            lock (gate)
                return asked?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Ends the watch and lists again.</summary>
    public void Relist()
    {
        lock (gate)
        {
            asks++;
            asked ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            // Never on this thread: the caller may hold a lock.
            _ = watching?.CancelAsync();
        }
    }

    /// <summary>
    /// Runs until cancelled. A failure is retried after 1 s, doubling to 30 s. A watch that delivered events and then ended, or that expired, is restarted at
    /// once.
    /// </summary>
    /// <param name="reset">Takes a list.</param>
    /// <param name="take">Takes an event of the watch.</param>
    /// <param name="lastVersion">Returns the last version taken.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Run(Action<ResourceList<T>> reset, Action<WatchEvent> take, Func<string> lastVersion, CancellationToken cancellation)
    {
        Telemetry.Watching(type.Kind);
        await BackgroundLoop.Run("informer", token => Loop(reset, take, lastVersion, token), time, logger, cancellation);
        lock (gate)
            asked?.TrySetCanceled(CancellationToken.None);
    }

    private async Task Loop(Action<ResourceList<T>> reset, Action<WatchEvent> take, Func<string> lastVersion, CancellationToken cancellation)
    {
        // Consecutive attempts that delivered nothing.
        var tries = 0;
        var isListed = false;
        while (true)
        {
            var started = time.GetTimestamp();
            var before = lastVersion();
            Exception? failure = null;
            try
            {
                if (!isListed || IsAsked)
                    await List(reset, cancellation);
                isListed = true;
                before = lastVersion();
                if (!await Watch(before, take, cancellation))
                    continue;
            }
#pragma warning disable CA1031 // What nobody foresaw must not leave those blind who rely on this.
            catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failure = e;
                // After an outage the store may be restored from a backup, with versions past the last one known here. After an unexpected failure it is
                // unknown what was taken.
                isListed = isListed && e is ResourceException { Error: not (ResourceError.Expired or ResourceError.Unavailable) };
            }

            cancellation.ThrowIfCancellationRequested();
            if (forbidden is not null && failure is ResourceException { Error: ResourceError.Forbidden })
            {
                isListed = false;
                if (await forbidden(failure.Message, cancellation))
                    continue;
            }

            var isFurther = lastVersion() != before;
            if (isFurther || time.GetElapsedTime(started) >= LongestDelay)
                tries = 0;
            var canGoOn = failure is null ? isFurther : failure is ResourceException { Error: ResourceError.Expired } && tries == 0;
            var delay = canGoOn ? TimeSpan.Zero : ExponentialBackoff.Delay(tries, FirstDelay, LongestDelay);
            tries++;
            if (failure is not null)
                Report(failure, delay);
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, time, cancellation);
        }
    }

    private bool IsAsked
    {
        get
        {
            lock (gate)
                return asks > answered;
        }
    }

    private async Task List(Action<ResourceList<T>> reset, CancellationToken cancellation)
    {
        int answers;
        lock (gate)
            answers = asks;
        reset(await feed.List(type, @namespace, read, cancellation));
        lock (gate)
        {
            answered = answers;
            // A request while a list is running asks for a later list.
            if (asks > answered)
                return;
            asked?.TrySetResult();
            asked = null;
        }
    }

    // False if it was interrupted because a new list is requested.
    private async Task<bool> Watch(string from, Action<WatchEvent> take, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            lock (gate)
            {
                if (asks > answered)
                    return false;
                watching = either;
            }

            await foreach (var happened in feed.Watch(type, @namespace, from, either.Token))
                take(happened);
            return true;
        }
        catch (OperationCanceledException) when (IsAsked && !cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (gate)
                watching = null;
        }
    }

    private void Report(Exception failure, TimeSpan delay)
    {
        var error = failure is ResourceException known ? known.Error.ToString() : failure.GetType().Name;
        Telemetry.WatchFailed(type.Kind, error);
        Log.WatchFailed(logger, type, error, failure.Message, delay);
    }
}
