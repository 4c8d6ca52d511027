using System.Text.Json.Nodes;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>
/// Lets one of several processes work at a time: the holder of a Kubernetes Lease leads, renews the Lease, and releases it when it stops. The Lease is also
/// the right to write: it is lost when the last successful renewal is older than the lease duration, by elapsed time, whatever the process did meanwhile.
/// </summary>
/// <remarks>
/// Another process takes over when it has seen the Lease unchanged for its duration, by its own elapsed time: clocks are never compared. It saw the last
/// renewal no earlier than that was sent, and this process counts from there, so their terms do not overlap.
/// </remarks>
/// <param name="store">The store of the Lease; not one that is guarded by it.</param>
/// <param name="key">The Lease.</param>
/// <param name="identity">The unique identity of this process, such as <c>pod_uuid</c>.</param>
/// <param name="options">The durations.</param>
/// <param name="time">The clock.</param>
/// <param name="jitter">Returns a new random number in [0, 1) at each call, so that candidates do not retry together.</param>
/// <param name="logger">Logs changes.</param>
internal sealed class LeaderElection(
    IResourceStore store, ObjectKey key, string identity, LeaderElectionOptions options, TimeProvider time, Func<double> jitter, ILogger logger) : IWriteLease
{
    private readonly Lock gate = new();
    private TaskCompletionSource renewal = NewRenewal();
    private long? held;
    private long? looked;
    private ObservedLease? seen;

    /// <summary>The leader as last seen; null before the Lease was read.</summary>
    public string? Leader
    {
        get
        {
            lock (gate)
                return seen?.Record.Holder;
        }
    }

    /// <summary>Whether the Lease was read within the last lease duration.</summary>
    public bool HasObserved
    {
        get
        {
            lock (gate)
                return looked is { } at && time.GetElapsedTime(at) <= options.LeaseDuration;
        }
    }

    /// <summary>Whether this process may write now.</summary>
    public bool IsLeading => Remaining() > TimeSpan.Zero;

    /// <inheritdoc/>
    public async Task WhenHeldFor(TimeSpan duration, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
                next = renewal.Task;
            if (Remaining() > duration)
                return;
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>
    /// Waits to become the leader, leads, and starts over when the lease is lost or the work fails, until stopped. Completes when the work has ended and the
    /// Lease is released.
    /// </summary>
    /// <param name="lead">The work: ends soon after <paramref name="stop"/>, and at once when its token says that the lease is lost.</param>
    /// <param name="stop">Stop leading.</param>
    public async Task Run(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        options.Check();
        await BackgroundLoop.Run("leader", token => Campaign(lead, token), time, logger, stop);
    }

    // Work that fails releases the Lease: another process may succeed.
    private async Task Campaign(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        while (true)
        {
            await Acquire(stop);
            Log.Leading(logger, key, identity);
            await Lead(lead);
            if (stop.IsCancellationRequested)
                return;
            Log.LeaseLost(logger, key, identity);
        }
    }

    private async Task Acquire(CancellationToken stop)
    {
        while (!await TryTake(stop))
            await Task.Delay(options.RetryPeriod * (1 + (jitter() / 5)), time, stop);
    }

    private async Task Lead(Func<CancellationToken, Task> lead)
    {
        using var lost = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        var renewing = Renew(lost, done.Token);
        try
        {
            await lead(lost.Token);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
            if (IsLeading)
                await Release();
            lock (gate)
                held = null;
        }
    }

    private async Task Renew(CancellationTokenSource lost, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.RetryPeriod, time, done);
                if (!await TryTake(done) && (Remaining() <= options.LeaseDuration - options.RenewDeadline || Leader != identity))
                {
                    // At once, even with some seconds of the lease left: a renewal may fail.
                    lock (gate)
                        held = null;
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    // Takes the Lease if it is free, expired or ours; false if another process holds it, or without an answer.
    private async Task<bool> TryTake(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.RenewDeadline / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var lease = await store.Get(LeaseRecord.Type, key, either.Token);
            if (lease is not null && !MayTake(lease))
                return false;
            var sent = time.GetTimestamp();
            var record = Next(lease is null ? null : LeaseRecord.Read(lease));
            var written = lease is null
                ? await store.Create(record.ToResource(key), either.Token)
                : await store.Replace(record.ToResource(lease), either.Token);
            Observe(written);
            Held(sent);
            return true;
        }
        catch (ResourceException e)
        {
            if (e.Error is not (ResourceError.Conflict or ResourceError.AlreadyExists))
                Log.LeaseUnreachable(logger, key, e.Message);
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Log.LeaseUnreachable(logger, key, "no answer");
            return false;
        }
#pragma warning disable CA1031 // A renewal that ends unseen would leave a leader that may not write and does not know.
        catch (Exception e) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.LeaseUnreachable(logger, key, $"{e.GetType().Name}: {e.Message}");
            return false;
        }
    }

    private bool MayTake(JsonObject lease)
    {
        var (_, record, at) = Observe(lease);
        return record.Holder.Length == 0 || record.Holder == identity || time.GetElapsedTime(at) >= record.Duration;
    }

    private LeaseRecord Next(LeaseRecord? before)
    {
        var now = time.GetUtcNow();
        return before?.Holder == identity
            ? before with { Duration = options.LeaseDuration, Renewed = now }
            : new(identity, options.LeaseDuration, now, now, before is null ? 0 : before.Transitions + 1);
    }

    private ObservedLease Observe(JsonObject lease)
    {
        var version = (string?)lease["metadata"]?["resourceVersion"];
        lock (gate)
        {
            var now = time.GetTimestamp();
            looked = now;
            if (seen is null || seen.Version != version)
                seen = new(version, LeaseRecord.Read(lease), now);
            return seen;
        }
    }

    private void Held(long sent)
    {
        TaskCompletionSource done;
        lock (gate)
        {
            held = sent;
            done = renewal;
            renewal = NewRenewal();
        }

        done.TrySetResult();
    }

    private TimeSpan Remaining()
    {
        lock (gate)
            return held is { } since ? options.LeaseDuration - time.GetElapsedTime(since) : TimeSpan.Zero;
    }

    // So that another process need not wait for the lease to expire.
    private async Task Release()
    {
        using var patience = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            if (await store.Get(LeaseRecord.Type, key, patience.Token) is { } lease && LeaseRecord.Read(lease) is var record && record.Holder == identity)
                Observe(await store.Replace((record with { Holder = "", Duration = TimeSpan.FromSeconds(1), Renewed = time.GetUtcNow() }).ToResource(lease),
                    patience.Token));
        }
        catch (Exception e) when (e is ResourceException or OperationCanceledException)
        {
            Log.LeaseUnreachable(logger, key, e.Message);
        }
    }

    private static TaskCompletionSource NewRenewal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record ObservedLease(string? Version, LeaseRecord Record, long At);
}
