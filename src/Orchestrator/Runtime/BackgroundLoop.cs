using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// Keeps a loop running until it is stopped. A failure is logged, counted and followed by a restart: no caller waits for the loop and would notice.
/// </summary>
internal static class BackgroundLoop
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Ends when the loop ends by itself, or when it is stopped; it never fails. A restart waits 1 s, doubling to 30 s while it keeps failing.
    /// </summary>
    /// <param name="name">Its name in the log and the metric.</param>
    /// <param name="loop">The loop; it may be run again after it failed.</param>
    /// <param name="time">The time of the delays.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <param name="stop">Stops it.</param>
    public static async Task Run(string name, Func<CancellationToken, Task> loop, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        Telemetry.LoopStarted(name);
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                await loop(stop);
                return;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever nobody foresaw: it must not end what everybody relies on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (time.GetElapsedTime(started) >= LongestDelay)
                    failures = 0;
                var delay = ExponentialBackoff.Delay(failures++, FirstDelay, LongestDelay);
                Telemetry.LoopFailed(name);
                Log.LoopFailed(logger, name, delay, e);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
