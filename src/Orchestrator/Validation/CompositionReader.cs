using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Validation;

/// <summary>Reads a Composition and reports every problem.</summary>
internal static class CompositionReader
{
    /// <summary>The most characters of a Composition's name: it is the value of a label on each child.</summary>
    public const int MaxNameLength = 63;

    /// <summary>Every problem of a Composition resource, with paths from its root: shapes, names, configs, references, cycles.</summary>
    public static IReadOnlyList<Problem> Validate(JsonObject resource, HandlerRegistry handlers)
    {
        var problems = new List<Problem>();
        var root = new ObjectReader(resource, "", problems, mayHoldReferences: false);
        ComponentReader.ReadObjectHead(root);
        var composition = JsonText.Of(resource["metadata"], "name") ?? "";
        if (composition.Length > MaxNameLength)
            root.Add("metadata.name", $"a Composition's name has at most {MaxNameLength} characters, not {composition.Length}");
        if (root.Object("spec", required: true) is not { } spec)
            return problems;

        var readers = spec.Objects("components", required: true);
        if (spec.Any("components") is JsonArray { Count: 0 })
            spec.Add("components", "is empty: a Composition needs at least one component");
        spec.Close();

        var entries = readers.Select(reader => ReadEntry(reader, composition, handlers, problems)).ToList();
        CheckNames(entries, problems);
        CheckEdges(entries, composition, handlers, problems);
        return problems;
    }

    private static Entry ReadEntry(ObjectReader reader, string composition, HandlerRegistry handlers, List<Problem> problems)
    {
        var name = reader.String("name", required: true);
        if (name is not null && !ComponentName.IsValid(name))
        {
            reader.Add("name", ComponentName.Rule(name));
            name = null;
        }

        var child = name is null ? null : ChildName.Of(composition, name);
        if (child is not null && composition.Length > 0 && !DnsName.IsSubdomain(child))
            reader.Add("name", $"its Component would be called \"{child}\", which is not a valid Kubernetes name: end the name in a letter or a digit");
        var config = reader.Any("config");
        var (handler, dependsOn, references) = ComponentReader.ReadCommon(reader, "type", handlers, problems);
        reader.Close();
        return new(reader, child, new(name ?? "", dependsOn, references), handler, config as JsonObject);
    }

    private static void CheckNames(List<Entry> entries, List<Problem> problems)
    {
        foreach (var same in entries.Where(e => e.Child is not null).GroupBy(e => e.Child!, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var first = same.First();
            foreach (var entry in same.Skip(1))
            {
                problems.Add(new(entry.Reader.PathOf("name"), entry.Name == first.Name
                    ? $"the name \"{entry.Name}\" is taken by {first.Reader.Path}: names are unique in a Composition"
                    : $"\"{entry.Name}\" and \"{first.Name}\" ({first.Reader.Path}) would both become the Component \"{entry.Child}\": rename one"));
            }
        }
    }

    private static void CheckEdges(List<Entry> entries, string composition, HandlerRegistry handlers, List<Problem> problems)
    {
        var byName = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(e => e.Child is not null))
            byName.TryAdd(entry.Name, entry);
        var graph = new CompositionGraph(composition, [.. byName.Values.Select(e => e.Needs)]);

        var names = new NearestNames(byName.Keys);
        foreach (var (reader, _, (_, dependsOn, references), handler, config) in entries)
        {
            for (var i = 0; i < dependsOn.Count; i++)
            {
                if (graph.Resolve(dependsOn[i]) is null)
                    problems.Add(new(reader.PathOf($"dependsOn[{i}]"), NoSuch(dependsOn[i], names)));
            }

            foreach (var (path, reference) in references)
            {
                var at = reader.PathOf(Problem.Join("config", path));
                if (!byName.TryGetValue(reference.Component, out var target))
                    problems.Add(new(at, $"{reference}: {NoSuch(reference.Component, names)}"));
                else if (reference.Undeclared(target.OutputNames(handlers)) is { } undeclared)
                    problems.Add(new(at, undeclared));
            }

            problems.AddRange(ConfigReferences.StatusProblems(config, handlers.SchemaOf(handler), byName.ContainsKey)
                .Select(p => p.Under(reader.PathOf("config"))));
        }

        foreach (var cycle in graph.Dependencies.Cycles)
            problems.Add(DependencyGraph.CycleProblem(byName[cycle[0]].Reader.Path, cycle));
    }

    private static string NoSuch(string name, NearestNames names) => $"the Composition has no component \"{name}\"{names.Hint(name)}";

    private sealed record Entry(ObjectReader Reader, string? Child, EntryNeeds Needs, string? Handler, JsonObject? Config)
    {
        public string Name => Needs.Name;

        public IReadOnlyCollection<string>? OutputNames(HandlerRegistry handlers) => handlers.SchemaOf(Handler).OutputNames(Config ?? []);
    }
}
