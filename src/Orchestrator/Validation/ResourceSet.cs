using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Validation;

/// <summary>Validates resources that are applied together: each on its own, and references between standalone Components.</summary>
internal static class ResourceSet
{
    /// <summary>
    /// Every problem, in the order of the resources. Resources of other groups are not checked; the reader of the files reports duplicates. Each has
    /// <c>apiVersion</c> and <c>kind</c> as strings; the rest is unchecked.
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
                : type == ResourceType.SecretPolicy ? SecretPolicyValidator.Validate(resource)
                : [];
            problems.AddRange(found.Select(problem => new ResourceProblem(i, problem)));
            if (type == ResourceType.Component && found.All(p => p.IsWarning))
                ownComponents.Add(new(i, Read(resource)));
        }

        foreach (var scope in ownComponents.GroupBy(c => c.Component.Metadata.Namespace is { Length: > 0 } name ? name : "default", StringComparer.Ordinal))
            CheckScope([.. scope], handlers, problems);
        return [.. problems.OrderBy(p => p.Resource)];
    }

    // The valid part of a Component; the rest may have any shape.
    private static Component Read(JsonObject resource) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = Metadata(resource, "name"), ["namespace"] = Metadata(resource, "namespace") },
        ["spec"] = resource["spec"]!.DeepClone(),
    }.Deserialize(ApiJson.Default.Component)!;

    private static string? Metadata(JsonObject resource, string key) =>
        JsonText.Of(resource["metadata"], key);

    private static void CheckScope(List<OwnComponent> components, HandlerRegistry handlers, List<ResourceProblem> problems)
    {
        var scope = new StandaloneScope(components.Select(own => own.Component));
        var byReferenceName = new Dictionary<string, OwnComponent>(StringComparer.Ordinal);
        foreach (var own in components)
        {
            var (name, referenceName) = (own.Component.Metadata.Name, own.Component.ReferenceName());
            if (!byReferenceName.TryAdd(referenceName, own) && byReferenceName[referenceName].Component.Metadata.Name is var other && other != name)
                problems.Add(new(own.Resource, new("metadata.name",
                    $"\"{name}\" and \"{other}\" are both called \"{referenceName}\" in references: give one another spec.name")));
        }

        var names = new NearestNames(scope.Names);
        foreach (var own in components)
        {
            var unmet = Unmet(own.Component, handlers, scope, names);
            problems.AddRange(unmet.Select(p => new ResourceProblem(own.Resource, p)));
        }

        foreach (var cycle in scope.Dependencies(handlers.SchemaOf).Cycles)
        {
            var first = components.First(own => own.Component.Metadata.Name == cycle[0]);
            problems.Add(new(first.Resource, DependencyGraph.CycleProblem("spec", [.. cycle.Select(scope.ReferenceNameOf)])));
        }
    }

    private static IEnumerable<Problem> Unmet(Component component, HandlerRegistry handlers, StandaloneScope scope, NearestNames names)
    {
        var config = component.Spec.Config;
        var schema = handlers.SchemaOf(component.Spec.Handler);
        foreach (var (path, reference) in ConfigReferences.Find(config, schema))
        {
            if (scope.Named(reference.Component) is not { Spec: var target })
                yield return Missing($"spec.config.{path}", reference.Component, names);
            else if (reference.Undeclared(handlers.SchemaOf(target.Handler).OutputNames(target.Config ?? [])) is { } undeclared)
                yield return new($"spec.config.{path}", undeclared);
        }

        foreach (var problem in ConfigReferences.StatusProblems(config, schema, name => scope.Named(name) is not null))
            yield return problem.Under("spec.config");
        foreach (var (dependency, at) in (component.Spec.DependsOn ?? []).Select((d, at) => (d, at)).Where(d => scope.Find(d.d) is null))
            yield return Missing($"spec.dependsOn[{at}]", dependency, names);
    }

    private static Problem Missing(string path, string name, NearestNames names) =>
        new(path, $"no component \"{name}\" is in these files{names.Hint(name)}; it is waited for in the cluster", IsWarning: true);

    private sealed record OwnComponent(int Resource, Component Component);
}

/// <summary>A problem of one resource among several.</summary>
/// <param name="Resource">The resource's index.</param>
/// <param name="Problem">The problem.</param>
internal sealed record ResourceProblem(int Resource, Problem Problem);
