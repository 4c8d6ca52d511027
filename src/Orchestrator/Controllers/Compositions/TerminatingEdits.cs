using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Controllers.Compositions;

/// <summary>
/// The edits of an entry that still reach a child that is being deleted: those that keep more of what it made. Each key is read on its own, so that no
/// mistake and no reference elsewhere in the Composition hides it. Pure.
/// </summary>
internal static class TerminatingEdits
{
    private const string Policy = "deletionPolicy";
    private const string Retain = "Retain";
    private const string Window = "recoveryWindowInDays";
    private const int DefaultWindow = 30;

    /// <summary>The child's config with those edits; null where there are none.</summary>
    /// <param name="entry">The entry's config as written.</param>
    /// <param name="child">The child's config.</param>
    /// <param name="takes">Whether the handler takes a key with this value.</param>
    public static JsonObject? Apply(JsonObject? entry, JsonObject? child, Func<string, JsonNode, bool> takes)
    {
        var edited = (JsonObject?)child?.DeepClone() ?? [];
        var isEdited = false;
        if (IsRetained(entry) && !IsRetained(child))
            Set(Policy, Retain);
        if (Days(child) is { } current && Days(entry) > current)
            Set(Window, Days(entry)!.Value);
        return isEdited ? edited : null;

        void Set(string key, JsonNode value)
        {
            if (!takes(key, value))
                return;
            edited[key] = value;
            isEdited = true;
        }
    }

    // A misspelled Retain is still a wish to keep what was made.
    private static bool IsRetained(JsonObject? config) =>
        Text(config?[Policy]) is { } policy && !Template.HasReference(policy) && NearestName.Of(policy, [Retain, "Delete"]) == Retain;

    // What is not there or is no such number is the default; what a reference will lead to is not known.
    private static int? Days(JsonObject? config) => config?[Window] switch
    {
        JsonValue value when value.TryGetValue<int>(out var days) && days is 0 or (>= 7 and <= DefaultWindow) => days,
        var node when Text(node) is { } text && Template.HasReference(text) => null,
        _ => DefaultWindow,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
