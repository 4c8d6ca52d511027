using System.Text.Json.Nodes;
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
    /// <param name="applied">What was last in force.</param>
    public static DeletionTerms Of(JsonObject config, SecretPushConfig? valid, AppliedSecret applied) => valid is not null
        ? new(valid.DeletionPolicy, valid.RecoveryWindowInDays)
        : new(ReadPolicy(config["deletionPolicy"]) ?? applied.DeletionPolicy ?? DeletionPolicy.Retain, ReadWindow(config["recoveryWindowInDays"], applied));

    // A misspelled Retain is still a wish to keep the secret. A misspelled Delete is not clear enough to delete one that was retained.
    private static DeletionPolicy? ReadPolicy(JsonNode? node) =>
        node is not JsonValue value || !value.TryGetValue<string>(out var word) || Template.HasReference(word) ? null
        : word == nameof(DeletionPolicy.Delete) ? DeletionPolicy.Delete
        : NearestName.Of(word, Enum.GetNames<DeletionPolicy>()) == nameof(DeletionPolicy.Retain) ? DeletionPolicy.Retain
        : null;

    private static int ReadWindow(JsonNode? node, AppliedSecret applied) =>
        node is JsonValue value && value.TryGetValue<int>(out var days) && SecretPushConfigReader.IsWindow(days)
            ? days
            : Math.Max(applied.RecoveryWindowInDays ?? 0, SecretPushConfig.DefaultRecoveryWindowInDays);
}
