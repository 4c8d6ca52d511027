using System.Text.Json;
using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>A reference to another component's output: <c>{{ .database.providerStatus.endpoints[0].host }}</c>.</summary>
/// <param name="Component">The component's reference name.</param>
/// <param name="Path">The steps below <c>providerStatus</c>, at least one; a step is a key or an index.</param>
internal sealed record Reference(string Component, IReadOnlyList<ReferenceStep> Path)
{
    private const int MaxShown = 24;

    /// <summary>The path as written, below <c>providerStatus</c>.</summary>
    public string PathText => string.Concat(Path.Select((step, i) => step.Index is { } index ? $"[{index}]" : i == 0 ? step.Key : $".{step.Key}"));

    /// <summary>How the value's type is converted.</summary>
    public ReferenceFunction Function { get; init; }

    /// <summary>Whether it is written as an object, <c>valueFrom: {component, output}</c>.</summary>
    public bool IsObject { get; init; }

    /// <inheritdoc/>
    public override string ToString() => IsObject ? $"valueFrom {{component: {Component}, output: {PathText}}}"
        : $"{{{{ .{Component}.providerStatus.{PathText}{(Function == ReferenceFunction.None ? "" : $" | {NameOf(Function)}")} }}}}";

    /// <summary>
    /// Follows the path through a Ready component's outputs. If it leads nowhere, <paramref name="problem"/> names the component, the path, what exists
    /// instead and the nearest name.
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
                    problem = NoSuchOutput(key, [.. fields.Select(f => f.Key)]);
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

        problem = null;
        if (Function == ReferenceFunction.ToText && here is not null)
            return ConfigReferences.AsText(here);
        if (Function == ReferenceFunction.FromJson && here?.GetValueKind() == JsonValueKind.String)
        {
            var text = here.GetValue<string>();
            here = ParseJson(text);
            if (here is null && text.Trim() != "null")
            {
                problem =
                    $"component \"{Component}\" has {Describe(JsonValue.Create(text))} for the output \"{PathText}\", which is not JSON: take | fromJson off";
                return null;
            }
        }

        if (here is null)
            problem = $"component \"{Component}\" has null for the output \"{PathText}\"";
        return here;
    }

    /// <summary>The problem if the component never has such an output; null if it may have it.</summary>
    /// <param name="names">The names of its outputs; null if unknown.</param>
    public string? Undeclared(IReadOnlyCollection<string>? names) =>
        names is not null && Path[0].Key is { } key && !names.Contains(key, StringComparer.Ordinal) ? NoSuchOutput(key, names) : null;

    private string NoSuchOutput(string key, IReadOnlyCollection<string> names) => $"component \"{Component}\" has no output \"{PathText}\": there is "
        + $"{(names.Count == 0 ? "nothing" : string.Join(", ", names))}{NearestName.Hint(key, names)}";

    /// <summary>A function as it is written.</summary>
    internal static string NameOf(ReferenceFunction function) => function == ReferenceFunction.ToText ? "toString" : "fromJson";

    /// <summary>Parses a text as JSON; null if it is invalid or null, or has a number with too long an exponent.</summary>
    internal static JsonNode? ParseJson(string text)
    {
        try
        {
            var json = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
            return JsonNumbers.AreComparable(json) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Describes a value in words; a long text is shortened.</summary>
    internal static string Describe(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String when value.GetValue<string>() is var text =>
            $"the text {JsonValue.Create(text.Length <= MaxShown ? text : text[..MaxShown] + "…").ToJsonString(ApiJson.Compact)}",
        JsonValueKind.Number => $"the number {value.ToJsonString()}",
        JsonValueKind.True or JsonValueKind.False => $"the boolean {value.ToJsonString()}",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
