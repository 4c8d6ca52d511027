using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Handlers.Manifest;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.SecretsManager.Sdk;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Bench;

/// <summary>
/// A thousand secret-push Components at once, with AWS's full quotas: how close to the limit of the quotas they become Ready, and at what cost.
/// </summary>
internal static class SecretPushUnderQuotas
{
    private const int PasswordsPerSecond = 50;

    /// <summary>Runs and prints a table; 1 if a Component did not become Ready, or a throttle was reported.</summary>
    public static async Task<int> Run(int components, int fields)
    {
        await using var secretsManager = await SecretsManagerChild.Start();
        using var clients = new SecretsManagerClients(new()
        {
            Endpoint = secretsManager.Endpoint,
            Region = "us-east-1",
            Credentials = AwsCredentialsSource.AccessKey("bench", "bench"),
            QuotaShare = 1,
        });
        var time = TimeProvider.System;
        var store = new InMemoryResourceStore(time, (_, _) => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var informers = new ClusterInformers(store, time, NullLogger.Instance);
        var view = new ClusterView(informers, new("bench", [], SeesAll: true));
        var handlers = StandardHandlers.Create(new(store, clients, view, ReadinessRule.WhenApplied, time));
        var throttles = new CountingEvents();
        await using var manager = new ControllerManager(store, informers, handlers, new(time, Random.Shared.NextDouble, throttles), NullLoggerFactory.Instance);
        var settled = new TaskCompletionSource();
        var (ready, failed, throttled) = (0, 0, 0);
        informers.Components.Subscribe(change =>
        {
            if (change.After is not { Status: { } status } || change.Before?.Status?.Phase == status.Phase)
                return;
            throttled += status.Message?.Contains("hrottl", StringComparison.Ordinal) == true ? 1 : 0;
            failed += status.Phase == Phase.Failed ? 1 : 0;
            ready += status.Phase == Phase.Ready ? 1 : 0;
            if (ready + failed == components)
                settled.TrySetResult();
        });

        for (var i = 0; i < components; i++)
            await store.Create(Component(i, fields), CancellationToken.None);
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var running = manager.Run(stop.Token, stop.Token);
        await settled.Task;
        var elapsed = watch.Elapsed;
        await stop.CancelAsync();
        await running;

        var calls = await secretsManager.Stop();
        var told = throttled + throttles.Throttled;
        Print(components, fields, elapsed, calls, failed, told);
        return failed + told == 0 ? 0 : 1;
    }

    private static void Print(
        int components, int fields, TimeSpan elapsed, IReadOnlyDictionary<(string Operation, string? Error), int> calls, int failed, int throttled)
    {
        // The first second's passwords come at once, and each later one waits its turn.
        var bound = TimeSpan.FromSeconds((double)((components * fields) - PasswordsPerSecond) / PasswordsPerSecond);
        Row("secret-push under AWS's quotas, `--quota-share 1`", "");
        Console.WriteLine("| --- | --- |");
        Row($"Components with {fields} generated fields", $"{components}, {failed} of them not Ready");
        Row("elapsed", $"{elapsed.TotalSeconds:F1} s");
        Row("bound that AWS's 50 GetRandomPassword a second set", $"{bound.TotalSeconds:F1} s");
        Row("elapsed over the bound", $"{elapsed / bound:F3}");
        foreach (var operation in calls.GroupBy(c => c.Key.Operation, c => c.Value, StringComparer.Ordinal).OrderBy(o => o.Key, StringComparer.Ordinal))
            Row($"{operation.Key} per Component", $"{(double)operation.Sum() / components:F3}");
        Row("calls that AWS throttled", calls.Where(c => c.Key.Error == "ThrottlingException").Sum(c => c.Value).ToString(CultureInfo.InvariantCulture));
        Row("other calls that failed", calls.Where(c => c.Key.Error is not (null or "ThrottlingException" or "ResourceNotFoundException")).Sum(c => c.Value)
            .ToString(CultureInfo.InvariantCulture));
        Row("throttles told in a status or an event", throttled.ToString(CultureInfo.InvariantCulture));
        using var self = Process.GetCurrentProcess();
        Row("peak resident memory of the controllers' process", $"{self.PeakWorkingSet64 / 1024 / 1024} MiB");
        Row("processor time of that process", $"{self.TotalProcessorTime.TotalSeconds:F1} s");
    }

    private static void Row(string name, string value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {value} |"));

    /// <summary>A Component with generated fields.</summary>
    public static JsonObject Component(int i, int fields)
    {
        var all = new JsonObject { ["username"] = new JsonObject { ["value"] = "admin" } };
        for (var field = 0; field < fields; field++)
            all[$"password{field}"] = new JsonObject { ["generator"] = new JsonObject { ["passwordLength"] = 32 } };
        return new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = "Component",
            ["metadata"] = new JsonObject { ["name"] = $"credentials-{i:D5}", ["namespace"] = "default" },
            ["spec"] =
                new JsonObject { ["handler"] = "secret-push", ["config"] = new JsonObject { ["secretName"] = $"bench/{i:D5}/credentials", ["fields"] = all } },
        };
    }

    private sealed class CountingEvents : IEventSink
    {
        private int throttled;

        public int Throttled => throttled;

        public void Record(Component component, HandlerEvent happened)
        {
            if (happened.Reason == "Throttled")
                Interlocked.Increment(ref throttled);
        }
    }
}
