using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Informers;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Bench;

/// <summary>
/// Brings Components to Ready with <c>dorch operator</c> as a process, on a real kube-apiserver. They are spread over many regions, each with its own AWS
/// quotas, so that quotas delay nothing.
/// </summary>
internal static class OperatorOnKubernetes
{
    private const int Regions = 100;
    private const int Creators = 8;

    /// <summary>Runs and prints a table; 1 if a Component did not become Ready.</summary>
    /// <param name="kubeconfig">The cluster, with the CRDs installed.</param>
    /// <param name="dorch">The command line of dorch, such as <c>dotnet dorch.dll</c>.</param>
    /// <param name="components">The number of Components.</param>
    public static async Task<int> Run(string kubeconfig, string[] dorch, int components)
    {
        await using var secretsManager = await SecretsManagerChild.Start();
        using var store = new KubernetesResourceStore(ClusterAccess.Kubeconfig(kubeconfig), TimeProvider.System, NullLogger.Instance);
        var @namespace = $"bench-{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}";
        await store.Create(Namespace(@namespace), CancellationToken.None);

        var started = Stopwatch.StartNew();
        // In this namespace only: it must not reconcile Components of earlier runs, whose Secrets Manager no longer exists.
        await using var process = await OperatorProcess.Start(
            dorch, kubeconfig, secretsManager.Endpoint, "--namespace", @namespace, "--lease-namespace", @namespace, "--quota-share", "1");
        await process.WhenReady();
        var startUp = started.Elapsed;
        var idleBefore = process.Resident;
        var (cpuBefore, callsBefore) = (process.ProcessorTime, await ApiCalls(process.Http));

        var (created, ready) = (new ConcurrentDictionary<string, long>(StringComparer.Ordinal), new ConcurrentDictionary<string, long>(StringComparer.Ordinal));
        var (failed, all) = (0, new TaskCompletionSource());
        using var stop = new CancellationTokenSource();
        var cache = new Informer<Component>(
            store, new(store, ResourceType.Component, ApiJson.Default.Component), TimeProvider.System, NullLogger.Instance, @namespace);
        cache.Subscribe(change =>
        {
            if (change.After is not { } component || !(component.IsReady() || component.Status?.Phase == Phase.Failed)
                || !ready.TryAdd(component.Metadata.Name, Stopwatch.GetTimestamp()))
                return;
            failed += component.IsReady() ? 0 : 1;
            if (ready.Count == components)
                all.TrySetResult();
        });
        var watching = cache.Run(stop.Token);
        await cache.Synced;

        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, components, new ParallelOptions { MaxDegreeOfParallelism = Creators }, async (i, cancellation) =>
        {
            var component = Component(i, @namespace);
            created[(string)component["metadata"]!["name"]!] = Stopwatch.GetTimestamp();
            await store.Create(component, cancellation);
        });
        var creating = watch.Elapsed;
        await all.Task;
        var elapsed = watch.Elapsed;
        var cpu = process.ProcessorTime - cpuBefore;
        var calls = await ApiCalls(process.Http) - callsBefore;
        var (peak, idle) = (process.PeakResident, process.Resident);
        await stop.CancelAsync();
        await watching;

        var waits = ready.Select(r => Stopwatch.GetElapsedTime(created[r.Key], r.Value)).Order().ToList();
        Row($"`dorch operator`, {(dorch.Length == 1 ? "native" : "JIT")}, {components.ToString("N0", CultureInfo.InvariantCulture)} Components", "");
        Console.WriteLine("| --- | --- |");
        Row("start to ready to work", $"{startUp.TotalSeconds:F2} s");
        Row("to Ready, all of them", $"{elapsed.TotalSeconds:F1} s, {failed} of them not Ready; creating them took {creating.TotalSeconds:F1} s of it");
        Row("Components per second", $"{components / elapsed.TotalSeconds:F0}");
        Row("from created to Ready", $"p50 {waits[waits.Count / 2].TotalSeconds:F2} s, p99 {waits[waits.Count * 99 / 100].TotalSeconds:F2} s");
        Row("API calls per Component", $"{(double)calls / components:F2}");
        Row("processor time", $"{cpu.TotalSeconds:F1} s");
        Row("resident memory", $"{Mib(idleBefore)} at start, {Mib(peak)} at most, {Mib(idle)} with all of them Ready");
        return failed == 0 ? 0 : 1;
    }

    private static async Task<double> ApiCalls(HttpClient http) =>
        (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n')
            .Where(line => line.StartsWith("dorch_kubernetes_calls_total{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture));

    /// <summary>Bytes in words.</summary>
    public static string Mib(long bytes) => $"{bytes / 1024 / 1024} MiB";

    /// <summary>Prints a row of a table.</summary>
    public static void Row(string name, string value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {value} |"));

    /// <summary>A Namespace.</summary>
    public static JsonObject Namespace(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name },
    };

    private static JsonObject Component(int i, string @namespace)
    {
        var component = SecretPushUnderQuotas.Component(i, fields: 1);
        component["metadata"]!["namespace"] = @namespace;
        component["spec"]!["config"]!["region"] = $"bench-region-{i % Regions}";
        return component;
    }
}
