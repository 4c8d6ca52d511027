using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;

namespace DeploymentOrchestrator.Handlers.Manifest;

/// <summary>Reads a resource of any kind: a missing value, or one of another type than expected, is null.</summary>
internal readonly struct ResourceView(JsonObject resource)
{
    /// <summary>The value at a path of keys, or null.</summary>
    public JsonNode? At(params ReadOnlySpan<string> path)
    {
        JsonNode? here = resource;
        foreach (var key in path)
            here = (here as JsonObject)?[key];
        return here;
    }

    /// <summary>The string at a path, or null.</summary>
    public string? Text(params ReadOnlySpan<string> path) =>
        JsonText.Of(At(path));

    /// <summary>The integer at a path, or null.</summary>
    public long? Number(params ReadOnlySpan<string> path) =>
        At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The generation at a path, or null. Argo Rollouts writes it as text.</summary>
    public long? Generation(params ReadOnlySpan<string> path) =>
        Number(path) ?? (long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);

    /// <summary>The objects of the list at a path.</summary>
    public IReadOnlyList<ResourceView> Items(params ReadOnlySpan<string> path) =>
        [.. (At(path) as JsonArray ?? []).OfType<JsonObject>().Select(item => new ResourceView(item))];

    /// <summary>The condition of a type in the status, or null.</summary>
    public ResourceView? Condition(string type)
    {
        foreach (var condition in Items("status", "conditions"))
        {
            if (condition.Text("type") == type)
                return condition;
        }

        return null;
    }

    /// <summary>Whether the status has a condition of this type and status.</summary>
    public bool HasCondition(string type, string status) => Condition(type)?.Text("status") == status;
}
