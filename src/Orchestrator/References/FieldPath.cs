using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A path into a Kubernetes object, in the syntax of references: <c>status.endpoint.address</c>, <c>status.loadBalancer.ingress[0].hostname</c>,
/// <c>metadata.annotations["key.with.dots"]</c>, and <c>status.conditions[type=Ready].status</c> for the first list item with this field value. Pure.
/// </summary>
/// <param name="Text">The path as written.</param>
/// <param name="Steps">Its steps, at least one; the first is a key.</param>
internal sealed record FieldPath(string Text, IReadOnlyList<FieldStep> Steps)
{
    /// <summary>Parses a path; null if it is invalid.</summary>
    /// <param name="text">The text, without a leading dot.</param>
    /// <param name="problem">What is wrong with it, and what to write; empty if it is valid.</param>
    public static FieldPath? Parse(string text, out string problem)
    {
        problem = "";
        if (FieldPathParser.Dotted(text).Parse(out problem) is not { } steps)
            return null;
        return new(text, steps);
    }

    /// <summary>
    /// Parses kubectl's JSONPath, such as <c>{.status.phase}</c> or <c>{.status.conditions[?(@.type=="Ready")].status}</c>; null if it is invalid, or can
    /// match several places.
    /// </summary>
    /// <remarks>https://kubernetes.io/docs/reference/kubectl/jsonpath/. The braces and the first dot are optional, as in kubectl.</remarks>
    public static FieldPath? ParseJsonPath(string text, out string problem)
    {
        problem = "";
        var inner = text.Trim();
        if (inner.StartsWith('{') && inner.EndsWith('}'))
            inner = inner[1..^1].Trim();
        inner = inner.StartsWith('$') ? inner[1..] : inner;
        if (FieldPathParser.JsonPath(inner.StartsWith('.') ? inner[1..] : inner).Parse(out problem) is not { } steps)
            return null;
        return new(text, steps);
    }

    /// <summary>The value at the path; null if it is missing or null.</summary>
    /// <param name="resource">The object.</param>
    /// <param name="problem">Why it can never exist, if the path goes into a text; null if it may come later.</param>
    public JsonNode? Find(JsonObject resource, out string? problem)
    {
        problem = null;
        JsonNode? here = resource;
        for (var i = 0; i < Steps.Count && here is not null; i++)
        {
            var step = Steps[i];
            switch (here)
            {
                case JsonObject fields when step.Key is { } key:
                    here = fields[key];
                    break;
                case JsonArray items when step.Index is { } index:
                    here = index < items.Count ? items[index] : null;
                    break;
                case JsonArray items when step.Key is null:
                    here = items.OfType<JsonObject>().FirstOrDefault(item => JsonText.Of(item[step.Field!]) == step.Value);
                    break;
                case JsonArray:
                    problem = $"{TextOf(Steps.Take(i))} is a list: write [0] or [type=Ready] after it";
                    return null;
                case JsonObject:
                    problem = $"{TextOf(Steps.Take(i))} is an object, not a list: write a key after it";
                    return null;
                default:
                    problem = $"{TextOf(Steps.Take(i))} is {Reference.Describe(here)}, which has no {TextOf([step])}";
                    return null;
            }
        }

        return here;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string TextOf(IEnumerable<FieldStep> steps) => string.Concat(steps).TrimStart('.');
}
