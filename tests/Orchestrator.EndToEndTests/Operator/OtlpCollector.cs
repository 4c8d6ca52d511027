using System.Collections.Concurrent;
using System.Net;
using System.Text;
using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>Receives OpenTelemetry's OTLP over HTTP, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<(string Path, string Body)> received = new();
    private readonly Task serving;

    public OtlpCollector()
    {
        Address = new($"http://127.0.0.1:{FreePort.Next()}/");
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        serving = Serve();
    }

    /// <summary>Its address.</summary>
    public Uri Address { get; }

    /// <summary>The environment of a program that also sends its traces and metrics here, without much delay.</summary>
    public Dictionary<string, string> Environment(IReadOnlyDictionary<string, string> environment) => new(environment, StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    /// <summary>Everything received, as text: names and values of protobuf are UTF-8.</summary>
    public string All => string.Join('\n', received.Select(r => r.Body));

    /// <summary>Whether data of a signal, such as <c>v1/traces</c>, contains a text.</summary>
    public bool Has(string signal, string text) => received.Any(r => r.Path == $"/{signal}" && r.Body.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.UTF8.GetString(body.ToArray())));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
