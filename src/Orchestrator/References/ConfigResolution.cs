using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>Resolves the references of one config.</summary>
/// <param name="outputs">The <c>providerStatus</c> of a Ready component, by reference name.</param>
/// <param name="problems">Receives the problems.</param>
/// <param name="schema">The schema of the config.</param>
internal sealed class ConfigResolution(Func<string, JsonObject> outputs, ICollection<Problem> problems, ConfigSchema schema)
{
    private readonly List<ReferenceStep> steps = [];

    // Whole values from references. The resolved config decides the types of their places: a reference may supply the kind of a manifest.
    private readonly List<(ReferenceStep[] Place, string Path, Reference Reference)> whole = [];

    /// <summary>The config's copy with values.</summary>
    public JsonObject Resolve(JsonObject config)
    {
        var resolved = (JsonObject)Resolve(config, "")!;
        foreach (var (place, path, reference) in whole)
        {
            steps.Clear();
            steps.AddRange(place);
            JsonNode parent = resolved;
            foreach (var step in place[..^1])
                parent = step.Index is { } index ? parent[index]! : parent[step.Key!]!;
            var value = place[^1] is { Index: { } at } ? parent[at] : parent[place[^1].Key!];
            Replace(value, Fit(resolved, value, path, reference));
        }

        return resolved;
    }

    private JsonNode? Resolve(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject fields when ObjectReference.Is(fields):
                return Value(ObjectReference.Read(fields, path, problems), path) ?? fields.DeepClone();
            case JsonObject fields:
                var copy = new JsonObject();
                foreach (var (key, value) in fields)
                    Resolve(copy, key, value, Problem.Join(path, key));
                return copy;
            case JsonArray items:
                var list = new JsonArray();
                for (var i = 0; i < items.Count; i++)
                {
                    steps.Add(new(null, i));
                    list.Add(Resolve(items[i], $"{path}[{i}]"));
                    steps.RemoveAt(steps.Count - 1);
                }

                return list;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return ResolveText(text, path);
            default:
                return node?.DeepClone();
        }
    }

    private void Resolve(JsonObject copy, string key, JsonNode? value, string path)
    {
        steps.Add(new(key, null));
        if (value is not null && schema.KeyOfValue(steps) is { } valueKey)
        {
            steps[^1] = new(valueKey, null);
            if (Value(ObjectReference.ReadTarget(value, path, problems), path) is { } found)
                copy[valueKey] = found;
            else
                copy[key] = value?.DeepClone();
        }
        else
        {
            copy[key] = Resolve(value, path);
        }

        steps.RemoveAt(steps.Count - 1);
    }

    private JsonNode ResolveText(string text, string path)
    {
        var template = Template.Parse(text);
        foreach (var problem in template.Problems)
            problems.Add(new(path, problem));
        if (template.Parts is [{ Reference: { } alone }])
            return Value(alone, path) ?? JsonValue.Create(text);

        var joined = new StringBuilder();
        foreach (var part in template.Parts)
            joined.Append(part.Reference is { } reference && Follow(reference, path) is { } value ? ConfigReferences.AsText(value) : part.Text);
        return joined.ToString();
    }

    private JsonNode? Value(Reference? reference, string path)
    {
        if (reference is null || Follow(reference, path) is not { } value)
            return null;
        whole.Add(([.. steps], path, reference));
        return value.DeepClone();
    }

    private JsonNode? Follow(Reference reference, string path)
    {
        var value = reference.Follow(outputs(reference.Component), out var problem);
        if (problem is not null)
            problems.Add(new(path, problem));
        return value;
    }

    // The value as its place needs it; values below it have places of their own.
    private JsonNode? Fit(JsonObject config, JsonNode? value, string path, Reference reference)
    {
        var type = schema.TypeAt(config, steps);
        if (type != PlaceType.Any && value is not null)
            return Fit(type, value, path, reference);
        switch (value)
        {
            case JsonObject fields:
                foreach (var (key, child) in fields.ToList())
                    FitBelow(new(key, null), config, child, Problem.Join(path, key), reference);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    FitBelow(new(null, i), config, items[i], $"{path}[{i}]", reference);
                break;
        }

        return value;
    }

    private void FitBelow(ReferenceStep step, JsonObject config, JsonNode? child, string path, Reference reference)
    {
        steps.Add(step);
        Replace(child, Fit(config, child, path, reference));
        steps.RemoveAt(steps.Count - 1);
    }

    private static void Replace(JsonNode? value, JsonNode? fitted)
    {
        if (ReferenceEquals(value, fitted))
            return;
        if (value!.Parent is JsonArray items)
            items[value.GetElementIndex()] = fitted;
        else
            value.Parent![value.GetPropertyName()] = fitted;
    }

    private JsonNode Fit(PlaceType type, JsonNode value, string path, Reference reference)
    {
        var kind = value.GetValueKind();
        var isScalar = kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        if (IsOf(type, kind))
            return value;
        if (type == PlaceType.Text && isScalar)
            return ConfigReferences.AsText(value);
        problems.Add(new(path, $"{reference} is {Reference.Describe(value)}, and {Needed(type)} is needed{Advice(type, value, reference)}"));
        return value;
    }

    private static bool IsOf(PlaceType type, JsonValueKind kind) => type switch
    {
        PlaceType.Text => kind == JsonValueKind.String,
        PlaceType.Number => kind == JsonValueKind.Number,
        _ => kind is JsonValueKind.True or JsonValueKind.False,
    };

    private static string Needed(PlaceType type) => type switch { PlaceType.Text => "a string", PlaceType.Number => "a number", _ => "true or false" };

    private static string Advice(PlaceType type, JsonNode value, Reference reference)
    {
        if (reference.Function != ReferenceFunction.None)
            return $": take | {Reference.NameOf(reference.Function)} off";
        if (type == PlaceType.Text)
            return $": write {reference with { Function = ReferenceFunction.ToText, IsObject = false }} for its JSON";
        var isJsonOfType = value.GetValueKind() == JsonValueKind.String && Reference.ParseJson(value.GetValue<string>()) is { } parsed
            && IsOf(type, parsed.GetValueKind());
        return isJsonOfType ? $": write {reference with { Function = ReferenceFunction.FromJson, IsObject = false }}" : "";
    }
}
