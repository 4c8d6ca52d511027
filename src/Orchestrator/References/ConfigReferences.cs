using System.Text;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.References;

/// <summary>The references in a config: found, and replaced by values.</summary>
public static class ConfigReferences
{
    /// <summary>Every reference with the path of its string, and every malformed one as a problem.</summary>
    public static IReadOnlyList<PlacedReference> Find(JsonObject config, ICollection<Problem> problems)
    {
        var found = new List<PlacedReference>();
        Walk(config, "", (path, text) =>
        {
            var template = Template.Parse(text);
            foreach (var problem in template.Problems)
                problems.Add(new(path, problem));
            found.AddRange(template.References.Select(r => new PlacedReference(path, r)));
        });
        return found;
    }

    /// <summary>
    /// A copy of the config with each reference replaced: a string that is one reference alone takes the value's JSON type, beside other text the
    /// value stands as text. What comes out is never scanned again. References that lead nowhere are problems and stay as they are.
    /// </summary>
    /// <param name="config">The config; not changed.</param>
    /// <param name="outputs">The <c>providerStatus</c> of a Ready component by reference name.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static JsonObject Resolve(JsonObject config, Func<string, JsonObject> outputs, ICollection<Problem> problems) =>
        (JsonObject)Resolve(config, "", outputs, problems)!;

    private static JsonNode? Resolve(JsonNode? node, string path, Func<string, JsonObject> outputs, ICollection<Problem> problems) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(f =>
            KeyValuePair.Create(f.Key, Resolve(f.Value, Problem.Join(path, f.Key), outputs, problems)))),
        JsonArray items => new JsonArray([.. items.Select((item, i) => Resolve(item, $"{path}[{i}]", outputs, problems))]),
        JsonValue value when value.TryGetValue<string>(out var text) => ResolveText(text, path, outputs, problems),
        _ => node?.DeepClone(),
    };

    private static JsonNode? ResolveText(string text, string path, Func<string, JsonObject> outputs, ICollection<Problem> problems)
    {
        var template = Template.Parse(text);
        foreach (var problem in template.Problems)
            problems.Add(new(path, problem));

        var values = new List<(TemplatePart Part, JsonNode? Value)>();
        foreach (var part in template.Parts)
        {
            JsonNode? value = null;
            if (part.Reference is { } reference)
            {
                value = reference.Follow(outputs(reference.Component), out var problem);
                if (problem is not null)
                    problems.Add(new(path, problem));
            }

            values.Add((part, value));
        }

        if (values is [{ Part.Reference: not null, Value: { } alone }])
            return alone.DeepClone();

        var joined = new StringBuilder();
        foreach (var (part, value) in values)
            joined.Append(part.Reference is null || value is null ? part.Text : AsText(value));
        return joined.ToString();
    }

    /// <summary>A value as it stands inside a text: a string as it is, anything else as JSON.</summary>
    public static string AsText(JsonNode value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString(ApiJson.Compact);

    private static void Walk(JsonNode? node, string path, Action<string, string> visit)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (key, value) in fields)
                    Walk(value, Problem.Join(path, key), visit);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    Walk(items[i], $"{path}[{i}]", visit);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                visit(path, text);
                break;
        }
    }
}

/// <summary>A reference and the path of the string that holds it.</summary>
/// <param name="Path">The path in the config.</param>
/// <param name="Reference">What is referred to.</param>
public sealed record PlacedReference(string Path, Reference Reference);
