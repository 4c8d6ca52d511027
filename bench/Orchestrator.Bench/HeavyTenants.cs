using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Kubernetes;
using DeploymentOrchestrator.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Bench;

/// <summary>
/// What one team may create and edit in its own namespace, against another team's Components, on a real kube-apiserver: how long those wait, how much memory
/// <c>dorch operator</c> takes, and whether it lives. The memory limit is the caller's to set.
/// </summary>
internal static class HeavyTenants
{
    private const string Heavy = "heavy";
    private const string Other = "other";
    private const int Roles = 6_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs and prints a table; 1 where a Component of the other team waited too long, or the process ended.</summary>
    public static async Task<int> Run(string kubeconfig, string[] dorch)
    {
        await using var secretsManager = await SecretsManagerChild.Start();
        using var store = new KubernetesResourceStore(ClusterAccess.Kubeconfig(kubeconfig), TimeProvider.System, NullLogger.Instance);
        foreach (var name in new[] { Heavy, Other })
            await store.Create(OperatorOnKubernetes.Namespace(name), CancellationToken.None);
        await Create(store, 400, i => ConfigMap($"config-{i}", new('x', 1_000_000)));
        await store.Create(ConfigMap("read", "value"), CancellationToken.None);
        await Create(store, 40, i => Component($"foreign-{i}", "nobody-runs-it", new() { ["text"] = new string('x', 1_100_000) }));
        await Create(store, 16, i => Component($"large-{i}", "secret-push", Secret($"heavy/large-{i}", fields: 5_500)));
        await store.Create(Component("reader", "config-reader", (JsonObject)JsonNode.Parse("""{"sources":[{"name":"read","exports":[{"key":"k"}]}]}""")!),
            CancellationToken.None);
        await store.Create(Component("roles", "secret-push", Secret("heavy/roles", fields: 1)), CancellationToken.None);

        var started = Stopwatch.StartNew();
        await using var process = await OperatorProcess.Start(dorch, kubeconfig, secretsManager.Endpoint, "--cluster-id", "bench", "--lease-namespace", Other);
        await process.WhenReady();
        var startUp = started.Elapsed;
        using var stop = new CancellationTokenSource();
        var health = Health(process, stop.Token);

        var waits = new ConcurrentQueue<TimeSpan>();
        var atStart = await WhenReady(store, 0);
        waits.Enqueue(atStart);
        var edits = Stopwatch.StartNew();
        var editing = EditRoles(store);
        for (var i = 1; !editing.IsCompleted || i <= 10; i++)
            waits.Enqueue(await WhenReady(store, i));
        var perSecond = Roles / edits.Elapsed.TotalSeconds;
        await editing;
        var reader = await store.Get(ResourceType.Component, new(Heavy, "reader"), CancellationToken.None);
        await stop.CancelAsync();
        var slowest = await health;

        OperatorOnKubernetes.Row("`dorch operator`, native, beside a heavy tenant", "");
        Console.WriteLine("| --- | --- |");
        OperatorOnKubernetes.Row("start to ready to work", $"{startUp.TotalSeconds:F2} s");
        OperatorOnKubernetes.Row("another team's Component, at once after the start, to Ready", $"{atStart.TotalSeconds:F2} s");
        OperatorOnKubernetes.Row(
            $"another team's {waits.Count - 1} Components, one after another, during {Roles:N0} edits of a role at {perSecond:F0} a second",
            $"{waits.Skip(1).Max().TotalSeconds:F2} s at most");
        OperatorOnKubernetes.Row("the one config-reader", (string?)reader?["status"]?["phase"] ?? "no status");
        OperatorOnKubernetes.Row("`/healthz`", $"{slowest.TotalMilliseconds:F0} ms at most");
        OperatorOnKubernetes.Row("the process", process.HasExited ? "ended" : "lives");
        OperatorOnKubernetes.Row(
            "resident memory", $"{OperatorOnKubernetes.Mib(process.PeakResident)} at most, {OperatorOnKubernetes.Mib(process.Resident)} in the end");
        return !process.HasExited && waits.Max() < Limit ? 0 : 1;
    }

    private static Task Create(KubernetesResourceStore store, int count, Func<int, JsonObject> resource) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, stop) => await store.Create(resource(i), stop));

    // As somebody who tries one role after another.
    private static Task EditRoles(KubernetesResourceStore store) => Task.Run(async () =>
    {
        for (var i = 0; i < Roles; i++)
        {
            var component = (await store.Get(ResourceType.Component, new(Heavy, "roles"), CancellationToken.None))!;
            component["spec"]!["config"]!["roleArn"] = $"arn:aws:iam::{i:D12}:role/any";
            try
            {
                await store.Replace(component, CancellationToken.None);
            }
            catch (ResourceException e) when (e.Error == ResourceError.Conflict)
            {
                // The operator wrote in between.
            }
        }
    });

    private static async Task<TimeSpan> WhenReady(KubernetesResourceStore store, int i)
    {
        var name = $"other-{i}";
        var component = Component(name, "secret-push", Secret($"other/{i}", fields: 1));
        component["metadata"]!["namespace"] = Other;
        var watch = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var created = await store.Create(component, CancellationToken.None);
        try
        {
            await foreach (var happened in store.Watch(ResourceType.Component, Other, (string)created["metadata"]!["resourceVersion"]!, patience.Token))
            {
                if (ObjectKey.Of(happened.Resource).Name == name && (string?)happened.Resource["status"]?["phase"] == Phase.Ready)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // It waits too long, as its time says.
        }

        return watch.Elapsed;
    }

    private static async Task<TimeSpan> Health(OperatorProcess process, CancellationToken stop)
    {
        var slowest = TimeSpan.Zero;
        while (!stop.IsCancellationRequested && !process.HasExited)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await process.Http.GetAsync(new Uri("/healthz", UriKind.Relative), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return slowest;
    }

    private static JsonObject Secret(string name, int fields)
    {
        var all = new JsonObject();
        for (var i = 0; i < fields; i++)
            all[$"field{i.ToString("D4", CultureInfo.InvariantCulture)}"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 32 } };
        return new() { ["secretName"] = name, ["fields"] = all };
    }

    private static JsonObject Component(string name, string handler, JsonObject config) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = "Component",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Heavy },
        ["spec"] = new JsonObject { ["handler"] = handler, ["config"] = config },
    };

    private static JsonObject ConfigMap(string name, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Heavy },
        ["data"] = new JsonObject { ["k"] = value },
    };
}
