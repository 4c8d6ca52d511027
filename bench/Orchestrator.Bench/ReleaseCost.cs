using System.Diagnostics;
using System.Globalization;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Bench;

/// <summary>The cost of finding other owners of a released secret, beside another namespace that makes the search expensive on purpose.</summary>
internal static class ReleaseCost
{
    private const int Releases = 1_000;
    private const int EntriesOfEach = 1_000;

    private static readonly int[] Compositions = [0, 20];

    /// <summary>Runs and prints a table.</summary>
    public static int Run()
    {
        Console.WriteLine(
            "| another namespace's entries whose `secretName` is a reference, and Components that name the same secret | processor time a release |");
        Console.WriteLine("| --- | --- |");
        foreach (var compositions in Compositions)
        {
            // Warm-up: compilation does not count as a release's cost.
            Measure(compositions, Releases);
            var each = Measure(compositions, Releases) / Releases;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {compositions * EntriesOfEach:N0} of each | {each.TotalMicroseconds:F1} µs |"));
        }

        return 0;
    }

    private static TimeSpan Measure(int compositions, int releases)
    {
        var (components, graphs) = (new Dictionary<ObjectKey, Component>(), new Dictionary<ObjectKey, Composition>());
        var index = new OwnerIndex(["cluster"], components.GetValueOrDefault, graphs.GetValueOrDefault, _ => []);
        for (var i = 0; i < compositions; i++)
        {
            var graph = Graph(i);
            graphs[ObjectKey.Of(graph.Metadata)] = graph;
            index.Note(ObjectKey.Of(graph.Metadata), graph);
        }

        for (var i = 0; i < compositions * EntriesOfEach; i++)
            Add(Component("theirs", $"c{i}"));
        var mine = Enumerable.Range(0, releases).Select(i => Component("mine", $"c{i}")).ToList();
        var owners = new OwnerDirectory(
            "cluster", seesAll: true, () => components.Values,
            wanted: new(() => graphs.Values, () => components.Values, graphs.GetValueOrDefault, components.GetValueOrDefault), takeOverFrom: _ => [],
            index: index);
        var watch = Stopwatch.StartNew();
        foreach (var me in mine)
        {
            if (owners.OtherNaming(new("s", "us-east-1"), me, "us-east-1") is not null
                || owners.EntryNaming(new("s", "us-east-1"), me, "us-east-1") is not null)
                throw new InvalidOperationException("a stranger wants the secret");
        }

        return watch.Elapsed;

        void Add(Component component)
        {
            components[ObjectKey.Of(component.Metadata)] = component;
            index.Note(ObjectKey.Of(component.Metadata), component);
        }
    }

    private static Composition Graph(int i) => new()
    {
        Metadata = new() { Namespace = "theirs", Name = $"graph-{i}", Uid = $"graph-{i}" },
        Spec = new()
        {
            Components =
            [
                .. Enumerable.Range(0, EntriesOfEach).Select(e => new CompositionEntry
                {
                    Name = $"e{e}", Type = "secret-push", Config = new() { ["secretName"] = "{{ .names.providerStatus.name }}" },
                }),
            ],
        },
    };

    private static Component Component(string ns, string name) => new()
    {
        Metadata = new() { Namespace = ns, Name = name, Uid = $"{ns}/{name}" },
        Spec = new() { Handler = "secret-push", Config = new() { ["secretName"] = "s" } },
    };
}
