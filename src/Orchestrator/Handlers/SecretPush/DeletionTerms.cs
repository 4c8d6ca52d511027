using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.References;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>What happens to a secret whose Component is deleted. Pure.</summary>
/// <param name="Policy">Whether it is deleted.</param>
/// <param name="RecoveryWindowInDays">For how long it can be restored; 0 for not at all.</param>
internal sealed record DeletionTerms(DeletionPolicy Policy, int RecoveryWindowInDays)
{
    /// <summary>
    /// Each key is read on its own, so that nothing else in the config hides an explicit <c>Retain</c> or a longer window: no reference that cannot be
    /// resolved now, and no mistake. A key that cannot be read keeps the more careful of what was last in force and the default.
    /// </summary>
    /// <param name="config">The config, its references resolved as far as they can be.</param>
    /// <param name="valid">The same as read; null where it is not valid.</param>
    /// <param name="state">What was last in force.</param>
    public static DeletionTerms Of(JsonObject config, SecretPushConfig? valid, SecretState state) => valid is not null
        ? new(valid.DeletionPolicy, valid.RecoveryWindowInDays)
        : new(ReadPolicy(config["deletionPolicy"]) ?? state.DeletionPolicy ?? DeletionPolicy.Retain, ReadWindow(config["recoveryWindowInDays"], state));

    // A misspelled Retain is still a wish to keep the secret. A misspelled Delete is not clear enough to delete one that was retained.
    private static DeletionPolicy? ReadPolicy(JsonNode? node) =>
        node is not JsonValue value || !value.TryGetValue<string>(out var word) || Template.HasReference(word) ? null
        : word == nameof(DeletionPolicy.Delete) ? DeletionPolicy.Delete
        : NearestName.Of(word, Enum.GetNames<DeletionPolicy>()) == nameof(DeletionPolicy.Retain) ? DeletionPolicy.Retain
        : null;

    private static int ReadWindow(JsonNode? node, SecretState state) =>
        node is JsonValue value && value.TryGetValue<int>(out var days) && SecretPushConfigReader.IsWindow(days)
            ? days
            : Math.Max(state.RecoveryWindowInDays ?? 0, SecretPushConfig.DefaultRecoveryWindowInDays);
}

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
        JsonText.Of(config[Policy]) is { } policy && !Template.HasReference(policy)
            && NearestName.Of(policy, Enum.GetNames<DeletionPolicy>()) == nameof(DeletionPolicy.Retain);

    // What is not there or is no such number is the default; what a reference will lead to is not known.
    private static int? Days(JsonObject config) => config[Window] switch
    {
        JsonValue value when value.TryGetValue<int>(out var days) && SecretPushConfigReader.IsWindow(days) => days,
        var node when JsonText.Of(node) is { } text && Template.HasReference(text) => null,
        _ => SecretPushConfig.DefaultRecoveryWindowInDays,
    };
}
