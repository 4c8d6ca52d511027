using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Graph;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Components;

/// <summary>The dependencies of a standalone Component, and whether they are Ready. Pure.</summary>
internal sealed record ComponentNeeds
{
    /// <summary>The config with every reference resolved; null while a dependency is missing or something is wrong.</summary>
    public JsonObject? Config { get; private init; }

    /// <summary>The missing dependencies, in one sentence; null if there are none.</summary>
    public string? Waiting { get; private init; }

    /// <summary>The problems; empty if there are none.</summary>
    public IReadOnlyList<Problem> Problems { get; private init; } = [];

    /// <summary>Whether the result depends on no other Component.</summary>
    public bool AreOwn { get; private init; }

    /// <summary>Looks up the dependencies. A child of a Composition has none: the Composition resolves its config and orders it.</summary>
    public static ComponentNeeds Of(Component component, Func<string?, ConfigSchema> schemaOf, Func<StandaloneScope> scope)
    {
        var config = component.Spec.Config ?? [];
        if (!StandaloneScope.IsStandalone(component))
            return new() { Config = config, AreOwn = true };

        var problems = new List<Problem>();
        var schema = schemaOf(component.Spec.Handler);
        var references = ConfigReferences.Find(config, problems, schema);
        var mayReadStatus = ConfigReferences.FindStatuses(config).Count > 0;
        if (references.Count == 0 && !mayReadStatus && component.Spec.DependsOn is not { Count: > 0 })
            return Resolved(config, _ => [], schema, problems) with { AreOwn = true };

        var known = scope();
        problems.AddRange(ConfigReferences.StatusProblems(config, schema, name => known.Named(name) is not null).Where(p => !p.IsWarning));
        if (known.CycleThrough(component, schemaOf) is { } cycle)
            problems.Add(DependencyGraph.CycleProblem("spec", cycle));
        if (problems.Count > 0)
            return new() { Problems = problems };

        var waits = references.Select(r => (r.Reference.Component, Found: known.Named(r.Reference.Component)))
            .Concat((component.Spec.DependsOn ?? []).Select(d => (d, Found: known.Find(d))))
            .DistinctBy(need => need.Item1, StringComparer.Ordinal)
            .Where(need => need.Found?.IsReady() != true || known.ObjectNames(need.Item1).Count > 1)
            .Select(need => Wait(need.Item1, need.Found, known))
            .ToList();
        if (waits.Count > 0)
            return new() { Waiting = $"waits for {string.Join(", ", waits)}" };

        return Resolved(config, name => known.Named(name)?.Status?.ProviderStatus ?? [], schema, problems);
    }

    /// <summary>The config with the references to Ready Components resolved: a deletion does not wait for others.</summary>
    public static JsonObject ResolveWhatIsReady(Component component, ConfigSchema schema, Func<StandaloneScope> scope)
    {
        var config = component.Spec.Config ?? [];
        if (!StandaloneScope.IsStandalone(component))
            return config;
        var known = new Lazy<StandaloneScope>(scope);
        return ConfigReferences.Resolve(
            config, name => IsKnown(name) ? known.Value.Named(name)!.Status!.ProviderStatus ?? [] : [], new List<Problem>(), schema);

        bool IsKnown(string name) => known.Value.Named(name)?.IsReady() == true && known.Value.ObjectNames(name).Count == 1;
    }

    // Also without references: this removes the escapes.
    private static ComponentNeeds Resolved(JsonObject config, Func<string, JsonObject> outputs, ConfigSchema schema, List<Problem> problems)
    {
        if (problems.Count > 0)
            return new() { Problems = problems };
        var resolved = ConfigReferences.Resolve(config, outputs, problems, schema);
        return problems.Count > 0 ? new() { Problems = problems } : new() { Config = resolved };
    }

    private static string Wait(string name, Component? found, StandaloneScope scope) => found?.Status switch
    {
        _ when scope.ObjectNames(name) is { Count: > 1 } bearers =>
            $"\"{name}\", which {string.Join(" and ", bearers)} are both called: give one another spec.name",
        null when found is null => $"\"{name}\", which does not exist in the namespace{NearestName.Hint(name, scope.Names)}",
        { Phase: { } phase, Message: { Length: > 0 } message } when phase != Phase.Ready => $"{name}: {phase}: {message}",
        { Phase: { } phase } when phase != Phase.Ready => $"{name}: {phase}",
        _ => $"{name}: {Phase.Pending}",
    };
}
