using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Resources;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>Finds every problem of a set of manifests before anything is done with them.</summary>
internal static class ManifestValidation
{
    /// <summary>The problems of reading and of meaning together, by file and line.</summary>
    /// <param name="set">The manifests.</param>
    /// <param name="handlers">The handlers, which know their configs.</param>
    /// <param name="isForDeletion">Whether they are to be deleted; two that name one secret do no harm then.</param>
    public static IReadOnlyList<Diagnostic> Check(ManifestSet set, HandlerRegistry handlers, bool isForDeletion)
    {
        // Warnings about what is missing mean nothing where not everything could be read.
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
    private static IEnumerable<Problem> UnknownHandlers(ManifestResource resource, HandlerRegistry handlers)
    {
        var spec = resource.Content["spec"] as JsonObject;
        IEnumerable<(string Path, JsonNode? Name)> named = resource.Type == ResourceType.Component
            ? [("spec.handler", spec?["handler"])]
            : resource.Type == ResourceType.Composition && spec?["components"] is JsonArray entries
                ? entries.Select((entry, i) => ($"spec.components[{i}].type", (entry as JsonObject)?["type"]))
                : [];
        return
            from handler in named
            let name = handler.Name is JsonValue value && value.TryGetValue<string>(out var text) ? text : null
            where !string.IsNullOrEmpty(name) && handlers.Find(name) is null
            select new Problem(handler.Path, $"dorch has no handler \"{name}\": an external handler must run for it{NearestName.Hint(name, handlers.Names)}",
                IsWarning: true);
    }
}
