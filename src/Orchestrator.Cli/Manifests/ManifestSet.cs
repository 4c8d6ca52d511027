using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>The resources of known types in all files, in order, and every problem of the files; with errors, not all resources.</summary>
internal sealed record ManifestSet(IReadOnlyList<ManifestResource> Resources, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether there are errors, so that nothing may be done.</summary>
    public bool HasErrors => Diagnostics.Any(d => !d.Problem.IsWarning);

    /// <summary>Reads all files. Every problem of every file is found; nothing throws.</summary>
    public static ManifestSet Load(IReadOnlyList<ManifestPath> paths)
    {
        var resources = new List<ManifestResource>();
        var problems = new List<Diagnostic>();
        foreach (var path in paths)
            Load(path, resources, problems);
        CheckUnique(resources, problems);
        return new(resources, Diagnostic.InFileOrder(problems));
    }

    private static void Load(ManifestPath path, List<ManifestResource> resources, List<Diagnostic> problems)
    {
        if (path.Problem is not null)
            problems.Add(new(new SourcePosition(path.Path), path.Problem));

        var empty = path.Files.Where(file => !Load(file, resources, problems)).ToList();
        if (empty.Count < path.Files.Count)
            problems.AddRange(empty.Select(file => new Diagnostic(new SourcePosition(file.Name), "has no resources", isWarning: true)));
        else if (empty.Count > 0)
            problems.Add(new(new SourcePosition(path.Path), "nothing to do: it has no resources"));
    }

    // False if the file has neither resources nor problems.
    private static bool Load(ManifestFile file, List<ManifestResource> resources, List<Diagnostic> problems)
    {
        var before = (resources.Count, problems.Count);
        var (text, unreadable) = file.Problem is null ? ManifestText.Decode(file.Name, file.Bytes) : ("", new(new SourcePosition(file.Name), file.Problem));
        if (unreadable is not null)
        {
            problems.Add(unreadable);
            return true;
        }

        foreach (var part in JsonTexts.Split(text))
        {
            var composer = new YamlComposer(file.Name, part);
            foreach (var node in composer.Compose())
            {
                var document = YamlConverter.Convert(node, composer.NodeCount, part.Text.Length);
                problems.AddRange(document.Problems);
                if (document.Root is not null)
                    Take(document.Root, document.Map, "", resources, problems, [.. document.Problems.Select(p => p.Problem.Path)]);
            }

            problems.AddRange(composer.Problems);
        }

        return before != (resources.Count, problems.Count);
    }

    // A value that could not be read has its problem already.
    private static void Take(
        JsonNode? node, SourceMap map, string path, List<ManifestResource> resources, List<Diagnostic> problems, HashSet<string> unreadable)
    {
        if (node is not JsonObject content)
            problems.Add(new(map.Locate(path), new Problem(path, "is not a Kubernetes resource: it must be a mapping with apiVersion, kind and metadata")));
        else if (IsList(content) && content["items"] is not JsonArray)
            problems.Add(new(map.Locate(Problem.Join(path, "items")),
                new Problem(path, "a List needs items, a list of resources: write items: [] for an empty one")));
        else if (ItemsOfList(content) is { } items)
        {
            for (var i = 0; i < items.Count; i++)
                Take(items[i], map, Problem.Join(path, $"items[{i}]"), resources, problems, unreadable);
        }
        else
        {
            var (isKnown, found) = ResourceHead.Check(content);
            var resource = new ManifestResource(content, map, path);
            problems.AddRange(found.Where(p => !unreadable.Contains(Problem.Join(path, p.Path))).Select(resource.Locate));
            if (isKnown)
                resources.Add(resource);
        }
    }

    private static bool IsList(JsonObject content) => JsonText.Of(content, "kind") == "List" && JsonText.Of(content, "apiVersion") == "v1";

    // A List stands for its items, whatever its kind, as in kubectl.
    private static JsonArray? ItemsOfList(JsonObject content) =>
        JsonText.Of(content, "kind")?.EndsWith("List", StringComparison.Ordinal) == true ? content["items"] as JsonArray : null;

    private static void CheckUnique(List<ManifestResource> resources, List<Diagnostic> problems)
    {
        foreach (var same in resources.Where(r => r.Name is not null).GroupBy(r => (r.Type.Group, r.Type.Kind, r.NamespaceOrDefault, r.Name)))
        {
            var first = same.First();
            problems.AddRange(same.Skip(1).Select(again =>
                again.Locate(new("", $"duplicate {again.Type.Kind} {again.Name}: first defined at {first.Map.Locate(first.Path)}"))));
        }
    }
}
