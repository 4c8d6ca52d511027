using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A reference without braces, for files that another template engine renders: <c>{component: database, output: endpoint}</c>, under the only key
/// <c>$valueFrom</c> of an object in place of a value, or in a place that a handler defines for it.
/// </summary>
internal static class ObjectReference
{
    /// <summary>The key of an object in place of a value.</summary>
    public const string Key = "$valueFrom";

    private const string BareKey = "valueFrom";
    private const string Component = "component";
    private const string Output = "output";
    private const string Root = "providerStatus.";

    /// <summary>Whether an object takes the place of a value.</summary>
    public static bool Is(JsonNode? node) => node is JsonObject fields && fields.ContainsKey(Key);

    /// <summary>Whether an object may contain a handler's place for references.</summary>
    public static bool IsBare(JsonObject fields) => fields.ContainsKey(BareKey);

    /// <summary>The reference of an object in place of a value; null with <paramref name="problems"/> if it is invalid.</summary>
    public static Reference? Read(JsonObject fields, string path, ICollection<Problem> problems)
    {
        foreach (var (other, _) in fields.Where(f => f.Key != Key))
            problems.Add(new(Problem.Join(path, other), $"cannot be combined with {Key}, which replaces the whole value: remove one"));
        return ReadTarget(fields[Key], Problem.Join(path, Key), problems);
    }

    /// <summary>The reference that an object describes; null with <paramref name="problems"/> if it is invalid.</summary>
    public static Reference? ReadTarget(JsonNode? node, string path, ICollection<Problem> problems)
    {
        if (node is not JsonObject fields)
        {
            problems.Add(new(path, "must be an object such as {component: database, output: endpoint}"));
            return null;
        }

        var reader = new ObjectReader(fields, path, problems, mayHoldReferences: false);
        var component = reader.String(Component, required: true);
        if (component is not null && !ComponentName.IsValid(component))
        {
            reader.Add(Component, ComponentName.Rule(component));
            component = null;
        }

        var output = reader.String(Output, required: true);
        reader.Close();
        var steps = output is null ? null : Template.ReadPath(output);
        if (output?.StartsWith(Root, StringComparison.OrdinalIgnoreCase) == true)
            reader.Add(Output, $"\"{output}\" begins below providerStatus: write \"{output[Root.Length..]}\"");
        else if (output is not null && steps is null)
            reader.Add(Output, $"\"{output}\" is not the path of an output: write one such as endpoint or items[0].host");
        return component is null || steps is null ? null : new(component, steps) { IsObject = true };
    }

    /// <summary>The problem of an object that is nearly such a reference; null if there is none.</summary>
    public static Problem? NearMiss(string key, JsonNode? value, string path)
    {
        if (key != Key && key.Equals(Key, StringComparison.OrdinalIgnoreCase))
            return new(path, $"is not {Key}: write it so");
        return key == BareKey && value is JsonObject { Count: 2 } fields && fields.ContainsKey(Component) && fields.ContainsKey(Output)
            ? new(path, $"is not a reference here: write value: {{{Key}: {{component: {fields[Component]}, output: {fields[Output]}}}}}")
            : null;
    }
}
