using System.Text.Json.Nodes;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// The edits of an entry that still reach a terminating child: those that keep more of its secret. Each key is read on its own, so that no
/// mistake and no reference elsewhere in the Composition hides it. Pure.
/// </summary>
internal static class TerminatingEdits
{
    private const string Policy = "deletionPolicy";
    private const string Window = "recoveryWindowInDays";

    /// <summary>The child's config with those edits; null where there are none.</summary>
    /// <param name="desired">The entry's config as written.</param>
    /// <param name="current">The child's config.</param>
    public static JsonObject? Apply(JsonObject desired, JsonObject current)
    {
        var retain = IsRetained(desired) && !IsRetained(current);
        var window = Days(current) is { } days && Days(desired) > days ? Days(desired) : null;
        if (!retain && window is null)
            return null;
        var edited = current.DeepClone().AsObject();
        if (retain)
            edited[Policy] = nameof(DeletionPolicy.Retain);
        if (window is not null)
            edited[Window] = window;
        return edited;
    }

    // A misspelled Retain is still a wish to keep what was made.
    private static bool IsRetained(JsonObject config) =>
        Text(config[Policy]) is { } policy && !Template.HasReference(policy) && NearestName.Of(policy, Enum.GetNames<DeletionPolicy>()) == nameof(DeletionPolicy.Retain);

    // What is not there or is no such number is the default; what a reference will lead to is not known.
    private static int? Days(JsonObject config) => config[Window] switch
    {
        JsonValue value when value.TryGetValue<int>(out var days) && SecretPushConfigReader.IsWindow(days) => days,
        var node when Text(node) is { } text && Template.HasReference(text) => null,
        _ => SecretPushConfig.DefaultRecoveryWindowInDays,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
