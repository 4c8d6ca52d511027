using System.Diagnostics.Metrics;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>Gauges read at each scrape, in addition to the counters of <see cref="Telemetry"/>.</summary>
internal static class OperatorMetrics
{
    /// <summary>Begins to measure.</summary>
    public static void Observe(LeaderElection election, LeaderWork work)
    {
        var meter = Telemetry.Meter;
        meter.CreateObservableGauge("dorch.leader", () => election.IsLeading ? 1 : 0, description: "1 if this process leads.");
        meter.CreateObservableGauge(
            "dorch.queue.length", () => QueueLengths(work), description: "Keys that wait for a worker or are being worked on, by kind.");
        meter.CreateObservableGauge("dorch.components", () =>
            (work.Controllers?.Components.All() ?? []).GroupBy(c => (Phase: c.Status?.Phase ?? "None", c.Spec.Handler))
                .Select(g => new Measurement<int>(g.Count(), new("phase", g.Key.Phase), new("handler", g.Key.Handler))),
            description: "Components by phase and handler; in phase None without a status.");
        meter.CreateObservableGauge("dorch.compositions", () =>
            (work.Controllers?.Compositions.All() ?? []).GroupBy(c => c.Status?.Phase ?? "None")
                .Select(g => new Measurement<int>(g.Count(), new KeyValuePair<string, object?>("phase", g.Key))),
            description: "Compositions by phase.");
        meter.CreateObservableGauge(
            "dorch.policies.unreadable", () => work.Policies?.Unreadable ?? 0, description: "SecretPolicies that cannot be read, and so allow nothing.");
    }

    private static IEnumerable<Measurement<int>> QueueLengths(LeaderWork work) => work.Controllers is not { } controllers ? []
        : new[] { Component.KindName, Composition.KindName }
            .Select(kind => new Measurement<int>(controllers.QueueLength(kind), new KeyValuePair<string, object?>("kind", kind)));
}
