using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>Collects the references of a config in one pass.</summary>
/// <param name="problems">Receives the problems.</param>
/// <param name="schema">The schema of the config.</param>
internal sealed class ConfigSearch(ICollection<Problem> problems, ConfigSchema schema)
{
    private readonly List<ReferenceStep> steps = [];

    /// <summary>The references, with their places.</summary>
    public List<PlacedReference> Found { get; } = [];

    /// <summary>The actions that may be meant as references.</summary>
    public List<StatusReference> Statuses { get; } = [];

    /// <summary>Visits a value and everything below it.</summary>
    public void Walk(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject fields when ObjectReference.Is(fields):
                Add(path, ObjectReference.Read(fields, path, problems));
                break;
            case JsonObject fields:
                foreach (var (key, value) in fields)
                    WalkField(key, value, Problem.Join(path, key));
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    steps.Add(new(null, i));
                    Walk(items[i], $"{path}[{i}]");
                    steps.RemoveAt(steps.Count - 1);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                ReadText(text, path);
                break;
        }
    }

    private void WalkField(string key, JsonNode? value, string path)
    {
        steps.Add(new(key, null));
        if (value is not null && schema.KeyOfValue(steps) is not null)
            Add(path, ObjectReference.ReadTarget(value, path, problems));
        else if (ObjectReference.NearMiss(key, value, path) is { } problem)
            problems.Add(problem);
        else
            Walk(value, path);
        steps.RemoveAt(steps.Count - 1);
    }

    private void ReadText(string text, string path)
    {
        var template = Template.Parse(text);
        foreach (var problem in template.Problems)
            problems.Add(new(path, problem));
        Found.AddRange(template.References.Select(r => new PlacedReference(path, r)));
        Statuses.AddRange(StatusReference.In(path, text));
    }

    private void Add(string path, Reference? reference)
    {
        if (reference is not null)
            Found.Add(new(path, reference));
    }
}
