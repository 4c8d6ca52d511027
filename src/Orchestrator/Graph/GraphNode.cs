using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Graph;

/// <summary>One entry of a <see cref="DesiredGraph"/>.</summary>
internal sealed class GraphNode
{
    private readonly ConfigSchema schema;
    private readonly string[] referred;
    private JsonObject?[] outputs;
    private (ComponentSpec? Spec, Problem? Problem)? resolved;
    private (Component Child, ComponentSpec Desired, bool IsSame)? compared;

    internal GraphNode(CompositionEntry entry, string child, ConfigSchema schema)
    {
        (Entry, Child, this.schema) = (entry, child, schema);
        Stated = new(entry.Name, entry.DependsOn ?? [], ConfigReferences.Find(entry.Config, schema));
        referred = [.. Stated.References.Select(r => r.Reference.Component).Distinct(StringComparer.Ordinal)];
        outputs = new JsonObject?[referred.Length];
    }

    /// <summary>The entry as written.</summary>
    public CompositionEntry Entry { get; }

    /// <summary>Its name.</summary>
    public string Name => Entry.Name;

    /// <summary>The name of the entry's Component.</summary>
    public string Child { get; }

    /// <summary>Its dependencies, as written.</summary>
    public EntryNeeds Stated { get; }

    /// <summary>The entries that it depends on, sorted.</summary>
    public IReadOnlyList<string> Needs { get; internal set; } = [];

    /// <summary>The desired spec of the child, or the first problem of a reference.</summary>
    /// <param name="outputsOf">The outputs of a dependency, all of which are Ready; the same object while they do not change.</param>
    public (ComponentSpec? Spec, Problem? Problem) Resolve(Func<string, JsonObject?> outputsOf)
    {
        JsonObject?[] now = referred.Length == 0 ? outputs : [.. referred.Select(outputsOf)];
        if (resolved is { } known && now.AsSpan().SequenceEqual(outputs, ReferenceEqualityComparer.Instance))
            return known;
        var problems = new List<Problem>();
        var config = ConfigReferences.Resolve(Entry.Config ?? [], name => outputsOf(name) ?? [], problems, schema);
        outputs = now;
        resolved = problems.Count > 0 ? (null, problems[0].Under("config")) : (SpecWith(config), null);
        return resolved.Value;
    }

    /// <summary>Whether a child has the desired spec.</summary>
    public bool IsSpecOf(Component child, ComponentSpec desired)
    {
        if (compared is not { } last || !ReferenceEquals(last.Child, child) || !ReferenceEquals(last.Desired, desired))
        {
            var isSame = child.Spec.IsTrimmed
                ? child.Spec.Digest() == desired.Digest()
                : JsonNode.DeepEquals(ApiJson.ToJson(child.Spec, ApiJson.Default.ComponentSpec), ApiJson.ToJson(desired, ApiJson.Default.ComponentSpec));
            compared = last = (child, desired, isSame);
        }

        return last.IsSame;
    }

    private ComponentSpec SpecWith(JsonObject config) => new()
    {
        Handler = Entry.Type,
        Name = Name,
        DependsOn = Needs.Count > 0 ? Needs : null,
        Config = config,
        DeploymentTimeout = Entry.DeploymentTimeout,
        TerminationTimeout = Entry.TerminationTimeout,
    };
}
