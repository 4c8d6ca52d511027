using System.Diagnostics.Metrics;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Runtime;

namespace DeploymentOrchestrator.Cli.Operating;

/// <summary>Gauges that are read at each scrape, besides what <see cref="Telemetry"/> counts.</summary>
internal sealed class OperatorMetrics
{
    private readonly LeaderElection election;
    private readonly LeaderWork work;

    public OperatorMetrics(LeaderElection election, LeaderWork work)
    {
        (this.election, this.work) = (election, work);
        Telemetry.Meter.CreateObservableGauge("dorch.leader", () => this.election.IsLeading ? 1 : 0, description: "1 if this process leads.");
        Telemetry.Meter.CreateObservableGauge("dorch.queue.length", QueueLengths, description: "Keys that wait for a worker or are being worked on, by kind.");
        Telemetry.Meter.CreateObservableGauge("dorch.components", Components, description: "Components by phase and handler; in phase None without a status.");
        Telemetry.Meter.CreateObservableGauge("dorch.compositions", Compositions, description: "Compositions by phase.");
    }

    private IEnumerable<Measurement<int>> QueueLengths() => work.Controllers is { } controllers
        ? [.. new[] { Component.KindName, Composition.KindName }.Select(kind =>
            new Measurement<int>(controllers.QueueLength(kind), new KeyValuePair<string, object?>("kind", kind)))]
        : [];

    private IEnumerable<Measurement<int>> Components() =>
        (work.Controllers?.Components.All() ?? []).GroupBy(c => (Phase: c.Status?.Phase ?? "None", c.Spec.Handler))
            .Select(g => new Measurement<int>(g.Count(), new("phase", g.Key.Phase), new("handler", g.Key.Handler)));

    private IEnumerable<Measurement<int>> Compositions() =>
        (work.Controllers?.Compositions.All() ?? []).GroupBy(c => c.Status?.Phase ?? "None")
            .Select(g => new Measurement<int>(g.Count(), new KeyValuePair<string, object?>("phase", g.Key)));
}
