using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.ExceptionServices;

namespace DeploymentOrchestrator.Tests;

/// <summary>
/// What this process emits besides logs, from start to disposal: every activity and measurement with its tags, and the full text of every exception
/// thrown, caught or not.
/// </summary>
internal sealed class ProcessEmissions : IDisposable
{
    private readonly ActivityListener activities;
    private readonly MeterListener meters = new();

    public ProcessEmissions()
    {
        activities = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Traces.Enqueue(
                $"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription} {Text(activity.TagObjects)} "
                + $"{Text(activity.Baggage.Select(b => new KeyValuePair<string, object?>(b.Key, b.Value)))} "
                + string.Join('\n', activity.Events.Select(e => $"{e.Name} {Text(e.Tags)}"))),
        };
        ActivitySource.AddActivityListener(activities);
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Measure<byte>();
        Measure<short>();
        Measure<int>();
        Measure<long>();
        Measure<float>();
        Measure<double>();
        Measure<decimal>();
        meters.Start();
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
    }

    public ConcurrentQueue<string> Traces { get; } = new();

    public ConcurrentQueue<string> Metrics { get; } = new();

    public ConcurrentQueue<string> Exceptions { get; } = new();

    /// <summary>Fails if any of the values occurs in it.</summary>
    public void AssertNothingLeaked(LeakScan scan)
    {
        scan.AssertAbsent("a trace", string.Join('\n', Traces));
        scan.AssertAbsent("a metric", string.Join('\n', Metrics));
        scan.AssertAbsent("an exception", string.Join('\n', Exceptions));
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        activities.Dispose();
        meters.Dispose();
    }

    private void Measure<T>()
        where T : struct =>
        meters.SetMeasurementEventCallback<T>((instrument, value, tags, _) =>
            Metrics.Enqueue($"{instrument.Meter.Name} {instrument.Name} {value} {Text(tags.ToArray())}"));

    private void Thrown(object? sender, FirstChanceExceptionEventArgs thrown) =>
        Exceptions.Enqueue(
            $"{thrown.Exception} {string.Join('\n', thrown.Exception.Data.Keys.Cast<object>().Select(key => $"{key}={thrown.Exception.Data[key]}"))}");

    private static string Text(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(t => $"{t.Key}={t.Value}"));
}
