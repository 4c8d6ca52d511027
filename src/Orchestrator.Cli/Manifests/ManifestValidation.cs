using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Finds every problem of a set of manifests before anything is done.</summary>
internal static class ManifestValidation
{
    /// <summary>All problems of syntax and content, by file and line. For a deletion, two resources may name the same secret.</summary>
    public static IReadOnlyList<Diagnostic> Check(ManifestSet set, HandlerRegistry handlers, bool isForDeletion)
    {
        // Warnings about missing components are pointless if not everything could be read.
        var found = ResourceSet.Validate([.. set.Resources.Select(Core)], handlers)
            .Where(p => !set.HasErrors || !p.Problem.IsWarning)
            .Select(p => set.Resources[p.Resource].Locate(p.Problem))
            .ToList();
        // A number in the wrong place has its error already.
        var octals = set.Resources.SelectMany(OctalNumbers.Check).Where(o => !found.Any(f => f.Problem.Path == o.Problem.Path && f.At.File == o.At.File));
        var foreign = set.Resources.SelectMany(resource => UnknownHandlers(resource, handlers).Select(resource.Locate));
        return Diagnostic.InFileOrder([.. set.Diagnostics, .. found, .. foreign, .. octals, .. isForDeletion ? [] : SharedSecrets.Check(set.Resources)]);
    }

    // The rest of the metadata was checked when the file was read, and a status is not part of the desired state.
    private static JsonObject Core(ManifestResource resource)
    {
        var core = resource.Content.DeepClone().AsObject();
        core.Remove("status");
        if (core["metadata"] is JsonObject metadata)
        {
            foreach (var key in metadata.Select(f => f.Key).Where(k => k is not ("name" or "namespace")).ToList())
                metadata.Remove(key);
        }

        return core;
    }

    // An external handler may run in a cluster, but not on a laptop.
    private static IEnumerable<Problem> UnknownHandlers(ManifestResource resource, HandlerRegistry handlers) =>
        from handler in resource.NamedHandlers()
        let name = handler.Name
        where name is not null && !handlers.Has(name)
        select new Problem(handler.Path, $"dorch has no handler \"{name}\": an external handler must run for it{NearestName.Hint(name, handlers.Names)}",
            IsWarning: true);
}

/// <summary>
/// Numbers in Components and Compositions with a leading 0: YAML 1.1 and kubectl read them as octal, which 030 days does not mean. In the
/// objects of a manifest, 0644 is a file mode.
/// </summary>
internal static class OctalNumbers
{
    /// <summary>A warning for each, with the value that YAML reads.</summary>
    public static IEnumerable<Diagnostic> Check(ManifestResource resource) =>
        resource.Type == ResourceType.Component || resource.Type == ResourceType.Composition ? Find(resource, resource.Content["spec"], "spec") : [];

    private static IEnumerable<Diagnostic> Find(ManifestResource resource, JsonNode? node, string path)
    {
        var place = Problem.Join(resource.Path, path);
        return node switch
        {
            JsonObject map => map.Where(entry => entry.Key != "manifests").SelectMany(entry => Find(resource, entry.Value, Problem.Join(path, entry.Key))),
            JsonArray list => list.SelectMany((item, i) => Find(resource, item, $"{path}[{i}]")),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && resource.Map.Written(place) is (var text, false)
                && text.TrimStart('-', '+') is ['0', >= '0' and <= '7', ..] =>
                [new(resource.Map.Locate(place),
                    new Problem(path, $"{text} is octal in YAML and means {value.ToJsonString()}: remove the leading 0", IsWarning: true))],
            _ => [],
        };
    }
}
