using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.References;

/// <summary>
/// A path into an object of Kubernetes, in the syntax of references: <c>status.endpoint.address</c>, <c>status.loadBalancer.ingress[0].hostname</c>,
/// <c>metadata.annotations["key.with.dots"]</c>, and <c>status.conditions[type=Ready].status</c> for the first item of a list with such a field. Pure.
/// </summary>
/// <param name="Text">The path as written.</param>
/// <param name="Steps">Its steps, at least one; the first is a key.</param>
internal sealed record FieldPath(string Text, IReadOnlyList<FieldStep> Steps)
{
    /// <summary>The path that a text says; null where it says none.</summary>
    /// <param name="text">The text, without a dot at its beginning.</param>
    /// <param name="problem">What is wrong with it, and what to write; empty where there is a path.</param>
    public static FieldPath? Parse(string text, out string problem)
    {
        problem = "";
        if (FieldPathParser.Dotted(text).Parse(out problem) is not { } steps)
            return null;
        return new(text, steps);
    }

    /// <summary>
    /// The path that kubectl's JSONPath says, such as <c>{.status.phase}</c> or <c>{.status.conditions[?(@.type=="Ready")].status}</c>; null where it says
    /// none, or more than one place.
    /// </summary>
    /// <remarks>https://kubernetes.io/docs/reference/kubectl/jsonpath/. The braces and the first dot may be left out, as in kubectl.</remarks>
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

    /// <summary>The value at the path; null where it is not there, or is null.</summary>
    /// <param name="resource">The object.</param>
    /// <param name="problem">Why it can never be there, as the path leads into a text; null where it may come yet.</param>
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
