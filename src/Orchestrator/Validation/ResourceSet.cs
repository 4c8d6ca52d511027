using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Validation;

/// <summary>Validates resources that are to be applied together: each by itself, and what Components of their own expect of each other.</summary>
internal static class ResourceSet
{
    /// <summary>
    /// Every problem, in the order of the resources. Resources of other groups are not looked into.
    /// Each has <c>apiVersion</c> and <c>kind</c> as strings; the rest is as somebody wrote it.
    /// </summary>
    public static IReadOnlyList<ResourceProblem> Validate(IReadOnlyList<JsonObject> resources, HandlerRegistry handlers)
    {
        var problems = new List<ResourceProblem>();
        var ownComponents = new List<OwnComponent>();
        for (var i = 0; i < resources.Count; i++)
        {
            var resource = resources[i];
            var type = ResourceType.Of(resource);
            var found = type == ResourceType.Composition ? CompositionReader.Validate(resource, handlers)
                : type == ResourceType.Component ? ComponentReader.Validate(resource, handlers)
                : [];
            problems.AddRange(found.Select(problem => new ResourceProblem(i, problem)));
            if (type == ResourceType.Component && found.All(p => p.IsWarning))
                ownComponents.Add(OwnComponent.Of(i, Read(resource), handlers));
        }

        FindTwins(resources, problems);
        foreach (var scope in ownComponents.GroupBy(c => c.Component.Metadata.Namespace is { Length: > 0 } name ? name : "default", StringComparer.Ordinal))
            CheckScope([.. scope], problems);
        return [.. problems.OrderBy(p => p.Resource)];
    }

    // The second would silently take the place of the first.
    private static void FindTwins(IReadOnlyList<JsonObject> resources, List<ResourceProblem> problems)
    {
        var seen = new HashSet<(string Group, string Kind, string Namespace, string Name)>();
        for (var i = 0; i < resources.Count; i++)
        {
            var type = ResourceType.Of(resources[i]);
            if (Metadata(resources[i], "name") is { } name
                && !seen.Add((type.Group, type.Kind, Metadata(resources[i], "namespace") is { Length: > 0 } ns ? ns : "default", name)))
                problems.Add(new(i, new("metadata.name", $"the {type.Kind} \"{name}\" is in these files more than once: take the others out")));
        }
    }

    // The part of a Component that was found right; what else stands in it may have any shape.
    private static Component Read(JsonObject resource) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = Metadata(resource, "name"), ["namespace"] = Metadata(resource, "namespace") },
        ["spec"] = resource["spec"]!.DeepClone(),
    }.Deserialize(ApiJson.Default.Component)!;

    private static string? Metadata(JsonObject resource, string key) =>
        JsonText.Of(resource["metadata"], key);

    private static void CheckScope(List<OwnComponent> scope, List<ResourceProblem> problems)
    {
        var byName = new Dictionary<string, OwnComponent>(StringComparer.Ordinal);
        foreach (var own in scope)
        {
            var name = own.Component.ReferenceName();
            if (!byName.TryAdd(name, own) && byName[name].Component.Metadata.Name != own.Component.Metadata.Name)
                problems.Add(new(own.Resource, new("metadata.name",
                    $"\"{own.Component.Metadata.Name}\" and \"{byName[name].Component.Metadata.Name}\" are both called \"{name}\" in references: give one "
                        + $"another spec.name")));
        }

        var meant = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var own in scope)
            meant.TryAdd(own.Component.Metadata.Name, own.Component.ReferenceName());
        foreach (var name in byName.Keys)
            meant[name] = name;

        foreach (var own in scope)
        {
            foreach (var (path, reference) in own.References.Where(r => !byName.ContainsKey(r.Reference.Component)))
                problems.Add(new(own.Resource, Missing($"spec.config.{path}", reference.Component, byName.Keys)));
            problems.AddRange(ConfigReferences.StatusProblems(own.Component.Spec.Config, own.Schema, byName.ContainsKey)
                .Select(p => new ResourceProblem(own.Resource, p.Under("spec.config"))));
            foreach (var (dependency, at) in (own.Component.Spec.DependsOn ?? []).Select((d, at) => (d, at)))
            {
                if (!meant.ContainsKey(dependency))
                    problems.Add(new(own.Resource, Missing($"spec.dependsOn[{at}]", dependency, byName.Keys)));
            }
        }

        var graph = new DependencyGraph(byName.Select(c => KeyValuePair.Create(c.Key, (IReadOnlyCollection<string>)c.Value.Needs(meant))));
        foreach (var cycle in graph.Cycles)
            problems.Add(new(byName[cycle[0]].Resource, new("spec", $"dependency cycle {string.Join(" -> ", cycle)}: remove one of these dependencies")));
    }

    private static Problem Missing(string path, string name, IReadOnlyCollection<string> names) =>
        new(path, $"no component \"{name}\" is in these files{NearestName.Hint(name, names)}; it is waited for in the cluster", IsWarning: true);

    private sealed record OwnComponent(int Resource, Component Component, ConfigSchema Schema)
    {
        public static OwnComponent Of(int resource, Component component, HandlerRegistry handlers) =>
            new(resource, component, handlers.SchemaOf(component.Spec.Handler));

        public IReadOnlyList<PlacedReference> References { get; } = ConfigReferences.Find(Component.Spec.Config, Schema);

        public IReadOnlyCollection<string> Needs(Dictionary<string, string> meant) =>
            [.. References.Select(r => r.Reference.Component), .. (Component.Spec.DependsOn ?? []).Select(d => meant.GetValueOrDefault(d, d))];
    }
}

/// <summary>A problem of one resource among several.</summary>
/// <param name="Resource">The resource's index.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record ResourceProblem(int Resource, Problem Problem);
