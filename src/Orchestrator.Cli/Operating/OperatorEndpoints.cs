using System.Net;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>
/// <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> on one port. With OTEL_EXPORTER_OTLP_ENDPOINT set, metrics and traces also go there,
/// by OpenTelemetry's own environment variables.
/// </summary>
internal sealed class OperatorEndpoints(WebApplication web, MeterProvider metrics, TracerProvider? traces, ExportFailures? failures) : IAsyncDisposable
{
    public string Address => web.Urls.Single();

    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task<OperatorEndpoints> Start(IPEndPoint listen, LeaderElection election, LeaderWork work, ILoggerFactory logging)
    {
        var health = new OperatorHealth(election, work);
        OperatorMetrics.Observe(election, work);
        var exports = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
        var described = ResourceBuilder.CreateDefault().AddService("dorch", serviceVersion: ProductVersion.Text);
        var measuring = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(described).AddMeter(Telemetry.Name).AddPrometheusExporter();
        if (exports)
            measuring.AddOtlpExporter();
        var measured = measuring.Build();
        var failures = exports
            ? new ExportFailures(ExportFailures.Variables.Select(Environment.GetEnvironmentVariable), logging.CreateLogger("DeploymentOrchestrator.Operator"))
            : null;
        var traced = exports ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(described).AddSource(Telemetry.Name).AddOtlpExporter().Build() : null;

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddSingleton(logging);
        var server = builder.Build();
        server.UseOpenTelemetryPrometheusScrapingEndpoint(measured, context => context.Request.Path == "/metrics", null, null, null);
        server.Run(context => Answer(context, health));
        var endpoints = new OperatorEndpoints(server, measured, traced, failures);
        try
        {
            await server.StartAsync();
            return endpoints;
        }
        catch
        {
            await endpoints.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await web.StopAsync(now.Token);
        await web.DisposeAsync();
        metrics.Dispose();
        traces?.Dispose();
        failures?.Dispose();
    }

    private static Task Answer(HttpContext context, OperatorHealth health)
    {
        var (status, text) = context.Request.Path.Value switch
        {
            "/healthz" => (StatusCodes.Status200OK, "ok"),
            "/readyz" when health.Readiness is { IsReady: var ready, Text: var words } =>
                (ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, words),
            _ => (StatusCodes.Status404NotFound, "use /healthz, /readyz or /metrics"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    /// <summary>Replaces the default, which would handle SIGTERM instead of the operator.</summary>
    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>Whether the process is ready.</summary>
internal sealed class OperatorHealth(LeaderElection election, LeaderWork work)
{
    /// <summary>Whether it is ready, and why. A standby replica is ready once it knows the leader.</summary>
    public (bool IsReady, string Text) Readiness => (election.IsLeading, election.Leader, work.Controllers) switch
    {
        (true, _, { Synced.IsCompletedSuccessfully: true }) => (true, "leading; the caches are in sync"),
        (true, _, _) => (false, "leading; the caches are not in sync yet"),
        (false, { Length: > 0 } leader, _) when election.HasObserved => (true, $"standing by; {leader} leads"),
        _ => (false, "no known leader: the Lease was not read recently, or has no holder"),
    };
}
