using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.References;

/// <summary>The references in a config: found, and replaced by values.</summary>
internal static class ConfigReferences
{
    /// <summary>Every reference with the path of its string or object, and every malformed one as a problem.</summary>
    /// <param name="config">The config.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="schema">What is known of the config; null where nothing is known.</param>
    public static IReadOnlyList<PlacedReference> Find(JsonObject config, ICollection<Problem> problems, ConfigSchema? schema = null)
    {
        var search = new ConfigSearch(problems, schema ?? ConfigSchema.Unknown);
        search.Walk(config, "");
        return search.Found;
    }

    /// <summary>The references in a config, as far as they are well-formed.</summary>
    public static IReadOnlyList<PlacedReference> Find(JsonObject? config, ConfigSchema schema) => Find(config ?? [], new List<Problem>(), schema);

    /// <summary>What is wrong with actions that read the status of a component within reach instead of its outputs.</summary>
    public static IEnumerable<Problem> StatusProblems(JsonObject? config, ConfigSchema schema, Func<string, bool> isComponent) =>
        FindStatuses(config ?? []).Where(s => isComponent(s.Component)).Select(s => s.ToProblem(schema.MayHoldOtherTemplates));

    /// <summary>Every action that may have been meant as a reference, where its name is a component's.</summary>
    public static IReadOnlyList<StatusReference> FindStatuses(JsonObject config)
    {
        var search = new ConfigSearch([], ConfigSchema.Unknown);
        search.Walk(config, "");
        return search.Statuses;
    }

    /// <summary>
    /// A copy of the config with each reference replaced: one that is a whole value takes the value's JSON type, or the one that its place needs;
    /// beside other text the value stands as text. What comes out is never scanned again. References that lead nowhere are problems and stay as they are.
    /// </summary>
    /// <param name="config">The config; not changed.</param>
    /// <param name="outputs">The <c>providerStatus</c> of a Ready component by reference name.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="schema">What is known of the config; null where nothing is known.</param>
    public static JsonObject Resolve(JsonObject config, Func<string, JsonObject> outputs, ICollection<Problem> problems, ConfigSchema? schema = null) =>
        new ConfigResolution(outputs, problems, schema ?? ConfigSchema.Unknown).Resolve(config);

    /// <summary>Whether a value is a reference, or a text that holds one.</summary>
    public static bool IsReference(JsonNode? node) =>
        ObjectReference.Is(node) || (JsonText.Of(node) is { } text && Template.HasReference(text));

    /// <summary>A value as it stands inside a text: a string as it is, anything else as JSON.</summary>
    public static string AsText(JsonNode value) =>
        JsonText.Of(value) ?? value.ToJsonString(ApiJson.Compact);
}
