using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>
/// What happens to a secret when its Component is deleted. Each key is read on its own, so that an unresolvable reference or a mistake elsewhere in the
/// config never hides an explicit <c>Retain</c> or a longer window. Pure.
/// </summary>
/// <param name="Policy">Whether it is deleted.</param>
/// <param name="RecoveryWindowInDays">How long it can be restored; 0 for not at all.</param>
internal sealed record DeletionTerms(DeletionPolicy Policy, int RecoveryWindowInDays)
{
    /// <summary>The terms of a config. For an unreadable key the safer of the last value and the default counts.</summary>
    /// <param name="config">The config, resolved as far as possible.</param>
    /// <param name="valid">The parsed config; null if it is invalid.</param>
    /// <param name="lastPolicy">The policy of the last valid config.</param>
    /// <param name="lastWindow">The window of the last valid config.</param>
    public static DeletionTerms Of(JsonObject config, SecretPushConfig? valid, DeletionPolicy? lastPolicy, int? lastWindow) => valid is not null
        ? new(valid.DeletionPolicy, valid.RecoveryWindowInDays)
        : new(ReadPolicy(config) ?? lastPolicy ?? DeletionPolicy.Retain,
            ReadWindow(config) ?? Math.Max(lastWindow ?? 0, SecretPushConfig.DefaultRecoveryWindowInDays));

    /// <summary>A terminating child's config with the edits of its entry that still apply, those that keep more of its secret; null for none.</summary>
    /// <param name="desired">The entry's config as written.</param>
    /// <param name="current">The child's config.</param>
    public static JsonObject? EditsWhileTerminating(JsonObject desired, JsonObject current)
    {
        var retain = ReadPolicy(desired) == DeletionPolicy.Retain && ReadPolicy(current) != DeletionPolicy.Retain;
        var window = KnownWindow(current) is { } days && KnownWindow(desired) > days ? KnownWindow(desired) : null;
        if (!retain && window is null)
            return null;
        var edited = current.DeepClone().AsObject();
        if (retain)
            edited[SecretKeys.DeletionPolicy] = nameof(DeletionPolicy.Retain);
        if (window is not null)
            edited[SecretKeys.RecoveryWindowInDays] = window;
        return edited;
    }

    // A misspelled Retain still means to keep the secret. A misspelled Delete is not clear enough to delete a retained one.
    private static DeletionPolicy? ReadPolicy(JsonObject config) =>
        JsonText.Of(config[SecretKeys.DeletionPolicy]) is not { } word || Template.HasReference(word) ? null
        : word == nameof(DeletionPolicy.Delete) ? DeletionPolicy.Delete
        : NearestName.Of(word, Enum.GetNames<DeletionPolicy>()) == nameof(DeletionPolicy.Retain) ? DeletionPolicy.Retain
        : null;

    private static int? ReadWindow(JsonObject config) =>
        config[SecretKeys.RecoveryWindowInDays] is JsonValue value && value.TryGetValue<int>(out var days) && SecretPushConfigReader.IsWindow(days)
            ? days : null;

    // A missing or invalid value means the default; the value of an unresolved reference is unknown.
    private static int? KnownWindow(JsonObject config) => JsonText.Of(config[SecretKeys.RecoveryWindowInDays]) is { } text && Template.HasReference(text)
        ? null : ReadWindow(config) ?? SecretPushConfig.DefaultRecoveryWindowInDays;
}
