using System.Text.Json.Nodes;
using DeploymentOrchestrator.Validation;

namespace DeploymentOrchestrator.References;

/// <summary>A reference to another component's output: <c>{{ .database.providerStatus.endpoints[0].host }}</c>.</summary>
/// <param name="Component">The component's reference name.</param>
/// <param name="Path">The steps below <c>providerStatus</c>, at least one; a step is a key or an index.</param>
public sealed record Reference(string Component, IReadOnlyList<ReferenceStep> Path)
{
    /// <summary>The path as written, below <c>providerStatus</c>.</summary>
    public string PathText => string.Concat(Path.Select((step, i) => step.Index is { } index ? $"[{index}]" : i == 0 ? step.Key : $".{step.Key}"));

    /// <inheritdoc/>
    public override string ToString() => $"{{{{ .{Component}.providerStatus.{PathText} }}}}";

    /// <summary>
    /// Follows the path through a Ready component's outputs. Where it leads nowhere, <paramref name="problem"/> names the component, the path,
    /// what there is instead and the nearest name.
    /// </summary>
    public JsonNode? Follow(JsonObject providerStatus, out string? problem)
    {
        JsonNode? here = providerStatus;
        foreach (var step in Path)
        {
            switch (here)
            {
                case JsonObject fields when step.Key is { } key && fields.TryGetPropertyValue(key, out var child):
                    here = child;
                    break;
                case JsonObject fields when step.Key is { } key:
                    var keys = fields.Select(f => f.Key).ToList();
                    problem = $"component \"{Component}\" has no output \"{PathText}\": there is "
                        + $"{(keys.Count == 0 ? "nothing" : string.Join(", ", keys))}{NearestName.Hint(key, keys)}";
                    return null;
                case JsonArray items when step.Index is { } index && index < items.Count:
                    here = items[index];
                    break;
                case JsonArray items when step.Index is not null:
                    problem = $"component \"{Component}\" has no output \"{PathText}\": the list has {items.Count} items";
                    return null;
                default:
                    problem = $"component \"{Component}\" has no output \"{PathText}\": {step} leads into a value that has no such part";
                    return null;
            }
        }

        problem = here is null ? $"component \"{Component}\" has null for the output \"{PathText}\"" : null;
        return here;
    }
}

/// <summary>One step of a path.</summary>
/// <param name="Key">A field's name, or null.</param>
/// <param name="Index">A list index from 0, or null.</param>
public readonly record struct ReferenceStep(string? Key, int? Index)
{
    /// <inheritdoc/>
    public override string ToString() => Index is { } index ? $"[{index}]" : $".{Key}";
}
