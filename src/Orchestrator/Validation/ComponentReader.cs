using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Validation;

/// <summary>Reads a Component and reports every problem.</summary>
internal static class ComponentReader
{
    /// <summary>Every problem of a Component resource, with paths from its root. It does not check whether referenced components exist.</summary>
    public static IReadOnlyList<Problem> Validate(JsonObject resource, HandlerRegistry handlers)
    {
        var problems = new List<Problem>();
        var root = new ObjectReader(resource, "", problems, mayHoldReferences: false);
        ReadObjectHead(root);
        if (root.Object("spec", required: true) is { } spec)
        {
            ReadName(spec);
            var (handler, _, references) = ReadCommon(spec, "handler", handlers, problems);
            if (handler is not null && !handlers.Has(handler))
                problems.AddRange(references.Select(r => Unresolvable(spec, handler, r)));
            spec.Close();
        }

        return problems;
    }

    /// <summary>The problems of the spec fields that the controller reads: name and timeouts.</summary>
    internal static IReadOnlyList<Problem> ValidateSpec(ComponentSpec spec)
    {
        var problems = new List<Problem>();
        var reader = new ObjectReader(ApiJson.ToJson(spec, ApiJson.Default.ComponentSpec), "spec", problems, mayHoldReferences: false);
        ReadName(reader);
        ReadTimeouts(reader);
        return problems;
    }

    /// <summary>Reads <c>apiVersion</c>, <c>kind</c>, <c>metadata</c> and <c>status</c>, which every kind has, and closes the object.</summary>
    internal static void ReadObjectHead(ObjectReader root)
    {
        root.String("apiVersion", required: true);
        root.String("kind", required: true);
        root.Has("status");
        root.Has("spec");
        if (root.Object("metadata", required: true)?.String("name", required: true) is { } name && !DnsName.IsSubdomain(name))
            root.Add("metadata.name", $"\"{name}\" is not a valid Kubernetes name: lower-case letters, digits, - and ., at most 253 characters");
        root.Close();
    }

    /// <summary>Reads what a Component's spec and a Composition's entry share: the handler under its key, <c>dependsOn</c>, <c>config</c> and the
    /// timeouts.</summary>
    internal static (string? Handler, IReadOnlyList<string> DependsOn, IReadOnlyList<PlacedReference> References) ReadCommon(
        ObjectReader spec, string handlerKey, HandlerRegistry handlers, ICollection<Problem> problems)
    {
        var handler = spec.String(handlerKey, required: true);
        var dependsOn = spec.Strings("dependsOn") ?? [];
        if (handler is not null && !DnsName.IsLabel(handler))
            spec.Add(handlerKey, $"\"{handler}\" is not a valid handler name: lower-case letters, digits and -, at most 63 characters");
        ReadTimeouts(spec);
        var config = spec.Json("config");
        var inConfig = new List<Problem>();
        var references = ConfigReferences.Find(config ?? [], inConfig, handlers.SchemaOf(handler));
        // If config is not an object, its missing keys are not reported: they would be follow-up errors.
        if (handler is not null && handlers.Find(handler) is { } known && (config is not null || !spec.Has("config")))
            inConfig.AddRange(known.Validate(config ?? []));
        foreach (var problem in inConfig)
            problems.Add(problem.Under(spec.PathOf("config")));
        return (handler, dependsOn, references);
    }

    private static void ReadTimeouts(ObjectReader spec)
    {
        spec.Duration("deploymentTimeout");
        spec.Duration("terminationTimeout");
    }

    private static void ReadName(ObjectReader spec)
    {
        if (spec.String("name") is { } name && !ComponentName.IsValid(name))
            spec.Add("name", ComponentName.Rule(name));
    }

    // A standalone Component's references are resolved in memory for its handler; an external handler reads the spec.
    private static Problem Unresolvable(ObjectReader spec, string handler, PlacedReference placed) => new(
        spec.PathOf(Problem.Join("config", placed.Path)),
        $"{placed.Reference}: no handler {handler} is running here, and one elsewhere would see the reference instead of its value: put it in a Composition");
}
