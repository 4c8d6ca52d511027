using System.Text.Json.Nodes;
using DeploymentOrchestrator.Messages;

namespace DeploymentOrchestrator.Handlers.SecretPush;

/// <summary>
/// Tells a key that nobody set from one that became empty, such as by a ConfigMap's key or a chart's value that is gone: the default would be another secret,
/// and the one that there is would go. Pure.
/// </summary>
internal static class EmptiedTarget
{
    /// <summary>What is empty and would move the secret; null where nothing would.</summary>
    public static Problem? Find(JsonObject config, AppliedSecret applied, string? defaultRegion)
    {
        if (applied.Targets is not [.., var last])
            return null;
        if (IsEmpty(config, "region") && last.Region != defaultRegion)
            return new("region", $"is empty, and the secret is in {last.Region}: name the region, or leave the key out to move the secret to the program's own");
        return IsEmpty(config, "roleArn") && last.RoleArn is { } role
            ? new("roleArn", $"is empty, and the secret was pushed by {role}: name the role, or leave the key out to push without one")
            : null;
    }

    private static bool IsEmpty(JsonObject config, string key) =>
        config.TryGetPropertyValue(key, out var node) && (node is null || (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length == 0));
}
