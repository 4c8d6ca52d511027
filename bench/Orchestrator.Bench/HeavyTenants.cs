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
/// Heavy use of one team's namespace against another team's Components, on a real kube-apiserver: how long those wait, how much memory <c>dorch
/// operator</c> takes, and whether it survives. The caller sets the memory limit.
/// </summary>
internal static class HeavyTenants
{
    private const string Heavy = "heavy";
    private const string Other = "other";
    private const int Roles = 6_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    // The timeout of a kubelet: livenessProbe.timeoutSeconds in deploy/base/deployment.yaml.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Runs and prints a table; 1 if a Component of the other team waited too long, <c>/healthz</c> did not answer, the config-reader is not Ready, or the
    /// process ended.
    /// </summary>
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
        await Create(store, 8, i => Composition($"composition-{i}", entries: 3_000));
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
        var processorTime = process.ProcessorTime;
        var edits = Stopwatch.StartNew();
        var editing = EditRoles(store);
        for (var i = 1; !editing.IsCompleted || i <= 10; i++)
            waits.Enqueue(await WhenReady(store, i));
        var perSecond = Roles / edits.Elapsed.TotalSeconds;
        await editing;
        var reader = await store.Get(ResourceType.Component, new(Heavy, "reader"), CancellationToken.None);
        await stop.CancelAsync();
        var (slowest, failures) = await health;

        OperatorOnKubernetes.Row("`dorch operator`, native, beside a heavy tenant", "");
        Console.WriteLine("| --- | --- |");
        OperatorOnKubernetes.Row("start to ready to work", $"{startUp.TotalSeconds:F2} s");
        OperatorOnKubernetes.Row("another team's Component, at once after the start, to Ready", $"{atStart.TotalSeconds:F2} s");
        OperatorOnKubernetes.Row("processor time of the operator until then", $"{processorTime.TotalSeconds:F2} s");
        OperatorOnKubernetes.Row(
            $"another team's {waits.Count - 1} Components, one after another, during {Roles:N0} edits of a role at {perSecond:F0} a second",
            $"{waits.Skip(1).Max().TotalSeconds:F2} s at most");
        var phase = (string?)reader?["status"]?["phase"];
        OperatorOnKubernetes.Row("the one config-reader", phase ?? "no status");
        OperatorOnKubernetes.Row("`/healthz`", $"{slowest.TotalMilliseconds:F0} ms at most, {failures} without an answer");
        OperatorOnKubernetes.Row("the process", process.HasExited ? "ended" : "lives");
        OperatorOnKubernetes.Row(
            "resident memory", $"{OperatorOnKubernetes.Mib(process.PeakResident)} at most, {OperatorOnKubernetes.Mib(process.Resident)} in the end");
        return !process.HasExited && waits.Max() < Limit && failures == 0 && phase == Phase.Ready ? 0 : 1;
    }

    private static Task Create(KubernetesResourceStore store, int count, Func<int, JsonObject> resource) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, stop) => await store.Create(resource(i), stop));

    // Edits as a user who tries one role after another.
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
            // It waited too long, as its time shows.
        }

        return watch.Elapsed;
    }

    private static async Task<(TimeSpan Slowest, int Failures)> Health(OperatorProcess process, CancellationToken stop)
    {
        var (slowest, failures) = (TimeSpan.Zero, 0);
        while (!stop.IsCancellationRequested && !process.HasExited)
        {
            var watch = Stopwatch.StartNew();
            using var probe = new CancellationTokenSource(ProbeTimeout, TimeProvider.System);
            try
            {
                using var answer = await process.Http.GetAsync(new Uri("/healthz", UriKind.Relative), probe.Token);
                failures += answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                failures++;
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }

        return (slowest, failures);
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

    // Its entries wait for one whose handler does not run: each is checked, and none becomes a Component.
    private static JsonObject Composition(string name, int entries)
    {
        var all = new JsonArray { new JsonObject { ["name"] = "gate", ["type"] = "nobody-runs-it" } };
        for (var i = 0; i < entries; i++)
        {
            var config = Secret($"heavy/{name}/{i}", fields: 1);
            config["description"] = new string('x', 60);
            all.Add((JsonNode)new JsonObject
            {
                ["name"] = $"entry{i.ToString("D4", CultureInfo.InvariantCulture)}",
                ["type"] = "secret-push",
                ["dependsOn"] = new JsonArray("gate"),
                ["config"] = config,
            });
        }

        return new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = "Composition",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Heavy },
            ["spec"] = new JsonObject { ["components"] = all },
        };
    }

    private static JsonObject ConfigMap(string name, string value) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Heavy },
        ["data"] = new JsonObject { ["k"] = value },
    };
}
