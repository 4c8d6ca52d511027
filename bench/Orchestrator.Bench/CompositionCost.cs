using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Controllers;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Resources.InMemory;
using DeploymentOrchestrator.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace DeploymentOrchestrator.Bench;

/// <summary>
/// The controllers' cost for an entry of a Composition, in a chain and in parallel, in Compositions of three sizes. It must be the same in each, or the
/// work grows faster than the Composition.
/// </summary>
internal static class CompositionCost
{
    private const int Runs = 5;

    private static readonly int[] Sizes = [50, 200, 500];

    /// <summary>Runs and prints a table.</summary>
    public static async Task<int> Run()
    {
        // Warm-up: compilation does not count as the entries' cost.
        for (var i = 0; i < 10; i++)
        {
            await Measure(50, isChain: true);
            await Measure(50, isChain: false);
        }

        Console.WriteLine(
            "| entries | processor time an entry | reconciles of the Composition an entry | reconciles of Components an entry | writes an entry |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var isChain in new[] { true, false })
        {
            foreach (var size in Sizes)
            {
                // The median: another program on the same processor may cool the caches.
                var costs = new List<(TimeSpan Processor, int Compositions, int Components, int Writes)>();
                for (var run = 0; run < Runs; run++)
                    costs.Add(await Measure(size, isChain));
                var cost = costs.OrderBy(c => c.Processor).ElementAt(Runs / 2);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {size} {(isChain ? "in a chain" : "side by side")} | {cost.Processor.TotalMilliseconds / size:F2} ms | "
                        + $"{(double)cost.Compositions / size:F1} | {(double)cost.Components / size:F1} | {(double)cost.Writes / size:F1} |"));
            }
        }

        return 0;
    }

    private static async Task<(TimeSpan Processor, int Compositions, int Components, int Writes)> Measure(int entries, bool isChain)
    {
        var time = TimeProvider.System;
        var store = new InMemoryResourceStore(time, (_, _) => Guid.CreateVersion7(time.GetUtcNow()).ToString());
        var informers = new ClusterInformers(store, time, NullLogger.Instance);
        await using var manager = new ControllerManager(
            store, informers, new([new Echo()]), new(time, Random.Shared.NextDouble, new NoEvents()), NullLoggerFactory.Instance);
        var settled = new TaskCompletionSource();
        manager.Compositions.Subscribe(change =>
        {
            if (change.After?.Status?.Phase == Phase.Ready)
                settled.TrySetResult();
        });
        var (compositions, components) = (0, 0);
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => Follow(instrument, own) };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var (_, value) in tags)
            {
                if (value is Composition.KindName)
                    Interlocked.Increment(ref compositions);
                else if (value is Component.KindName)
                    Interlocked.Increment(ref components);
            }
        });
        listener.Start();

        await store.Create(Make(entries, isChain), CancellationToken.None);
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.TotalProcessorTime;
        using var stop = new CancellationTokenSource();
        var running = manager.Run(stop.Token, stop.Token);
        await settled.Task;
        self.Refresh();
        var processor = self.TotalProcessorTime - before;
        await stop.CancelAsync();
        await running;
        // Each write increments the version, and apart from the Composition itself nothing else is written.
        var writes = int.Parse((await store.List(ResourceType.Component, null, CancellationToken.None)).ResourceVersion, CultureInfo.InvariantCulture) - 3;
        return (processor, compositions, components, writes);
    }

    private static void Follow(Instrument instrument, MeterListener listener)
    {
        if (instrument.Name == "dorch.reconciles")
            listener.EnableMeasurementEvents(instrument);
    }

    private static JsonObject Make(int entries, bool isChain) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = Composition.KindName,
        ["metadata"] = new JsonObject { ["name"] = "bench", ["namespace"] = "default" },
        ["spec"] = new JsonObject
        {
            ["components"] = new JsonArray([.. Enumerable.Range(0, entries).Select(i => new JsonObject
            {
                ["name"] = $"c{i}",
                ["type"] = "echo",
                ["config"] = new JsonObject { ["value"] = isChain && i > 0 ? $"{{{{ .c{i - 1}.providerStatus.value }}}}" : "v" },
            })]),
        },
    };

    private sealed class Echo : IComponentHandler
    {
        public string Name => "echo";

        public ConfigSchema Schema => ConfigSchema.Unknown;

        public IReadOnlyList<Problem> Validate(JsonObject config) => [];

        public Task<HandlerAnswer> Apply(HandlerRequest request, CancellationToken cancellation) =>
            Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done { ProviderStatus = (JsonObject)request.Config.DeepClone() });

        public Task<HandlerAnswer> Delete(HandlerRequest request, CancellationToken cancellation) => Task.FromResult<HandlerAnswer>(new HandlerAnswer.Done());
    }

    private sealed class NoEvents : IEventSink
    {
        public void Record(Component component, HandlerEvent happened)
        {
        }
    }
}
