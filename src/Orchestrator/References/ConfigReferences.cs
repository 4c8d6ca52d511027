using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>Finds and resolves the references in a config.</summary>
internal static class ConfigReferences
{
    /// <summary>Every reference with the path of its string or object; malformed ones are problems.</summary>
    /// <param name="config">The config.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="schema">The schema of the config; null if unknown.</param>
    public static IReadOnlyList<PlacedReference> Find(JsonObject config, ICollection<Problem> problems, ConfigSchema? schema = null)
    {
        var search = new ConfigSearch(problems, schema ?? ConfigSchema.Unknown);
        search.Walk(config, "");
        return search.Found;
    }

    /// <summary>The well-formed references of a config.</summary>
    public static IReadOnlyList<PlacedReference> Find(JsonObject? config, ConfigSchema schema) => Find(config ?? [], new List<Problem>(), schema);

    /// <summary>Problems of template actions that read the status of a component in scope instead of its outputs.</summary>
    public static IEnumerable<Problem> StatusProblems(JsonObject? config, ConfigSchema schema, Func<string, bool> isComponent) =>
        FindStatuses(config ?? []).Where(s => isComponent(s.Component)).Select(s => s.ToProblem(schema.MayHoldOtherTemplates));

    /// <summary>Every action that may be meant as a reference if its name is a component's.</summary>
    public static IReadOnlyList<StatusReference> FindStatuses(JsonObject config)
    {
        var search = new ConfigSearch([], ConfigSchema.Unknown);
        search.Walk(config, "");
        return search.Statuses;
    }

    /// <summary>
    /// Returns a copy of the config with the references resolved: a reference that is a whole value keeps the output's JSON type, or takes the type that its
    /// place needs; inside other text it becomes text. Resolved values are not scanned again. Unresolvable references are problems and stay as they are.
    /// </summary>
    /// <param name="config">The config; not changed.</param>
    /// <param name="outputs">The <c>providerStatus</c> of a Ready component, by reference name.</param>
    /// <param name="problems">Receives the problems.</param>
    /// <param name="schema">The schema of the config; null if unknown.</param>
    public static JsonObject Resolve(JsonObject config, Func<string, JsonObject> outputs, ICollection<Problem> problems, ConfigSchema? schema = null) =>
        new ConfigResolution(outputs, problems, schema ?? ConfigSchema.Unknown).Resolve(config);

    /// <summary>Whether a value is a reference, or text that contains one.</summary>
    public static bool IsReference(JsonNode? node) =>
        ObjectReference.Is(node) || (JsonText.Of(node) is { } text && Template.HasReference(text));

    /// <summary>A value as part of a text: a string as it is, anything else as JSON.</summary>
    public static string AsText(JsonNode value) =>
        JsonText.Of(value) ?? value.ToJsonString(ApiJson.Compact);
}
