using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DeploymentOrchestrator.Runtime;

/// <summary>
/// The program's metrics and traces (OpenTelemetry). Labels are kinds, operations, codes and phases: never a name that
/// a tenant chose, never a part of a secret.
/// </summary>
internal static class Telemetry
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "DeploymentOrchestrator";

    /// <summary>Traces: one span for each reconcile, and in it one for each call of AWS.</summary>
    public static readonly ActivitySource Traces = new(Name);

    /// <summary>All instruments.</summary>
    public static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Reconciles = Meter.CreateCounter<long>("dorch.reconciles", description: "Reconciles that ended, by kind and result.");

    private static readonly Histogram<double> ReconcileSeconds = Meter.CreateHistogram<double>(
        "dorch.reconcile.duration", "s", "How long reconciles took.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static readonly Counter<long> AwsCalls =
        Meter.CreateCounter<long>("dorch.aws.calls", description: "Tries of calls of AWS, by operation and AWS's code, which is ok for success.");

    private static readonly Counter<long> AwsThrottles = Meter.CreateCounter<long>("dorch.aws.throttles", description: "Tries that AWS throttled.");

    private static readonly Counter<long> SecretActions =
        Meter.CreateCounter<long>("dorch.secret.actions", description: "What secret-push decided to do with secrets, by action and reason.");

    private static readonly Counter<long> PolicyDenials =
        Meter.CreateCounter<long>("dorch.policy.denied", description: "Requests that SecretPolicies denied, by policy and rule; policy is empty without one.");

    private static readonly Counter<long> ApiCalls =
        Meter.CreateCounter<long>("dorch.kubernetes.calls", description: "Requests to the API server, by method and HTTP status; 0 where there was no answer.");

    private static readonly Counter<long> WatchFailures =
        Meter.CreateCounter<long>("dorch.watch.failures", description: "Lists and watches that failed and are tried again, by kind and error.");

    private static readonly Counter<long> ExportFailures =
        Meter.CreateCounter<long>("dorch.otlp.export.failures", description: "Exports of metrics and traces that failed and were dropped.");

    private static readonly Counter<long> LoopFailures =
        Meter.CreateCounter<long>("dorch.loop.failures", description: "Background loops that failed and were restarted, by loop.");

    /// <summary>A reconcile ended.</summary>
    /// <param name="kind">Component or Composition.</param>
    /// <param name="succeeded">Whether it did not throw.</param>
    /// <param name="duration">How long it took.</param>
    public static void Reconciled(string kind, bool succeeded, TimeSpan duration)
    {
        Reconciles.Add(1, new("kind", kind), new("result", succeeded ? "ok" : "error"));
        ReconcileSeconds.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("kind", kind));
    }

    /// <summary>An attempt of an AWS call ended.</summary>
    /// <param name="operation">AWS's name of it.</param>
    /// <param name="code">AWS's code; null for success.</param>
    /// <param name="isThrottle">Whether it was throttled.</param>
    public static void AwsCalled(string operation, string? code, bool isThrottle)
    {
        AwsCalls.Add(1, new("operation", operation), new("code", code ?? "ok"));
        if (isThrottle)
            AwsThrottles.Add(1, new KeyValuePair<string, object?>("operation", operation));
    }

    /// <summary>secret-push does something with a secret, or leaves it.</summary>
    /// <param name="action">The action's word.</param>
    /// <param name="reason">The reason's word.</param>
    public static void SecretActionTaken(string action, string reason) => SecretActions.Add(1, new("action", action), new("reason", reason));

    /// <summary>A policy denied a request.</summary>
    /// <param name="policy">The policy; empty if none selects the namespace.</param>
    /// <param name="rule">The rule.</param>
    public static void PolicyDenied(string policy, string rule) => PolicyDenials.Add(1, new("policy", policy), new("rule", rule));

    /// <summary>A request to the API server ended, with an answer or without.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="status">The HTTP status; 0 without an answer.</param>
    public static void ApiCalled(string method, int status) => ApiCalls.Add(1, new("method", method), new("status", status));

    /// <summary>A list or a watch failed; it is retried.</summary>
    /// <param name="kind">The kind of resources.</param>
    /// <param name="error">Why: a <c>ResourceError</c>, or the type of the exception.</param>
    public static void WatchFailed(string kind, string error) => WatchFailures.Add(1, new("kind", kind), new("error", error));

    /// <summary>Metrics and traces are exported from now on.</summary>
    public static void Exporting() => ExportFailures.Add(0);

    /// <summary>An export of metrics or traces failed.</summary>
    public static void ExportFailed() => ExportFailures.Add(1);

    /// <summary>A background loop failed; it is restarted.</summary>
    /// <param name="loop">Its name.</param>
    public static void LoopFailed(string loop) => LoopFailures.Add(1, new KeyValuePair<string, object?>("loop", loop));

    /// <summary>A background loop starts: its failures are served as 0 before the first, so that an alert sees the first.</summary>
    /// <param name="loop">Its name.</param>
    public static void LoopStarted(string loop) => LoopFailures.Add(0, new KeyValuePair<string, object?>("loop", loop));

    /// <summary>A kind is watched from now on: its failures are served as 0 before the first, so that an alert sees the first.</summary>
    /// <param name="kind">The kind.</param>
    public static void Watching(string kind) => WatchFailures.Add(0, new("kind", kind), new("error", "Unavailable"));
}
