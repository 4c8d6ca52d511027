using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.EndToEndTests.Cluster;
using DeploymentOrchestrator.Tests;
using DeploymentOrchestrator.Tests.Resources;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>An operator's own telemetry, for Prometheus and through OTLP.</summary>
public sealed partial class TelemetryTests(KubernetesCluster cluster, Installation installation) : OperatorTest(cluster, installation)
{
    [Fact]
    public async Task The_metrics_are_those_of_the_docs_and_traces_and_metrics_reach_a_collector_without_a_generated_value()
    {
        await using var collector = new OtlpCollector();
        await using var throttling = await SecretsManagerProcess.Start("--fault", "DescribeSecret=throttle:1");
        var process = await Start(Kubeconfig, collector.Environment(throttling.Environment), "--namespace", Namespace);
        await process.Leads();
        Assert.True(await process.IsHealthy());
        await Store.Create(Composition(), Cancellation);
        var denied = SecretPushes.Component(Namespace, "denied");
        denied["spec"]!["config"]!["adopt"] = true;
        await Create([denied, .. SecretPushes.Many(Namespace, 2)]);
        await Eventually.Holds(async () => (await Components()) is { Count: 4 } all && all.Count(c => c.IsReady()) == 2, "2 Components Ready");
        await Until("denied", c => c.Phase() == "Failed", "Failed");

        Dictionary<string, string> served = [];
        await Eventually.Holds(
            async () => (served = Served(await process.Metrics())).ContainsKey("dorch_compositions") && served.ContainsKey("dorch_policy_denied_total"),
            "the metrics of Compositions and of denials");
        Assert.Equal(Documented().OrderBy(m => m.Key, StringComparer.Ordinal), served.OrderBy(m => m.Key, StringComparer.Ordinal));

        await Eventually.Holds(
            () => Task.FromResult(
                collector.Has("v1/metrics", "dorch.reconciles") && collector.Has("v1/metrics", "dorch.aws.calls")
                && collector.Has("v1/traces", "reconcile Component") && collector.Has("v1/traces", "CreateSecret")),
            "metrics and traces");
        await process.Stop();
        List<byte[]> generated = [];
        foreach (var name in SecretPushes.SecretNames(Namespace, 2))
            generated.Add(Encoding.UTF8.GetBytes((string)(await throttling.Value(name))["password"]!));
        var scan = new LeakScan(generated);
        scan.AssertAbsent("what OTLP carries", collector.All);
        scan.AssertAbsent("the log", process.Log);
    }

    // The table in docs/reference/metrics.md.
    private static Dictionary<string, string> Documented() => File.ReadLines(Path.Combine(Repository.Root, "docs", "reference", "metrics.md"))
        .Where(line => line.StartsWith("| `dorch_", StringComparison.Ordinal))
        .Select(line => line.Split('|'))
        .ToDictionary(cells => cells[1].Trim(' ', '`'), cells => Labels(Quoted().Matches(cells[2]).Select(m => m.Groups["name"].Value)),
            StringComparer.Ordinal);

    private static Dictionary<string, string> Served(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith("dorch_", StringComparison.Ordinal))
        .Select(line => (Name: Suffix().Replace(line.Split('{', ' ')[0], ""), Labels: Label().Matches(line).Select(m => m.Groups["name"].Value)))
        .GroupBy(m => m.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => Labels(g.SelectMany(m => m.Labels)), StringComparer.Ordinal);

    // Without those that every exporter adds.
    private static string Labels(IEnumerable<string> names) =>
        string.Join(' ', names.Where(n => n != "le" && !n.StartsWith("otel_", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal));

    private JsonObject Composition() => NewResource.Composition(Namespace, "graph", JsonNode.Parse("""
        {"name": "settings", "type": "config-reader", "config": {"sources": [{"name": "nowhere", "exports": [{"key": "colour"}]}]}}
        """)!);

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("[{,](?<name>[a-z_]+)=\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();

    [GeneratedRegex("(?<=_seconds)_(bucket|sum|count)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
