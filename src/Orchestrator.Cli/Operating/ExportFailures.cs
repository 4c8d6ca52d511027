using System.Diagnostics.Metrics;
using DeploymentOrchestrator.Runtime;
using Microsoft.Extensions.Logging;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>
/// Logs and counts the exports to OpenTelemetry's collector that fail: the SDK drops them without a log line. An outage is logged once, and so is its end.
/// It listens to the HTTP client's own metric, so that only its environment variables configure the exporter.
/// </summary>
internal sealed class ExportFailures : IDisposable
{
    /// <summary>The variables that name collectors.</summary>
    public static readonly IReadOnlyList<string> Variables =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private readonly MeterListener listener = new();
    private readonly HashSet<(string Host, int Port)> collectors;
    private readonly ILogger log;
    private int isFailing;

    /// <param name="collectors">The collectors' addresses; invalid ones are skipped.</param>
    /// <param name="log">Where outages are logged.</param>
    public ExportFailures(IEnumerable<string?> collectors, ILogger log)
    {
        this.log = log;
        this.collectors = [.. collectors.Select(c => Uri.TryCreate(c, UriKind.Absolute, out var address) ? address : null).OfType<Uri>()
            .Select(a => (a.IdnHost, a.Port))];
        Telemetry.Exporting();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.request.duration" })
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Take(tags));
        listener.Start();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Take(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (host, port, error) = ("", 0, (string?)null);
        foreach (var (name, value) in tags)
        {
            switch (name)
            {
                case "server.address":
                    host = (string)value!;
                    break;
                case "server.port":
                    port = (int)value!;
                    break;
                case "error.type":
                    error = (string?)value;
                    break;
            }
        }

        if (!collectors.Contains((host, port)))
            return;
        if (error is not null)
            Telemetry.ExportFailed();
        if (error is not null && Interlocked.Exchange(ref isFailing, 1) == 0)
            OperatorLog.ExportFailed(log, host, port, error);
        else if (error is null && Interlocked.Exchange(ref isFailing, 0) == 1)
            OperatorLog.ExportWorks(log, host, port);
    }
}
