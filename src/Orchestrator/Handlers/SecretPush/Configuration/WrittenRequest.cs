using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.References;

namespace DeploymentOrchestrator.Handlers.SecretPush.Configuration;

/// <summary>The policy request of a config as written, before its references are resolved.</summary>
internal static class WrittenRequest
{
    private static readonly string[] Keys = [.. SecretPushSchema.NamingKeys, SecretKeys.ExternalId, SecretKeys.KmsKeyId, SecretKeys.DeletionPolicy];

    /// <summary>The request; references in it are unknown, and values of a wrong type count as not set.</summary>
    public static SecretRequest Of(JsonObject config)
    {
        var unknown = Keys.Where(key => ConfigReferences.IsReference(config[key])).ToHashSet(StringComparer.Ordinal);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in config[SecretKeys.Tags] as JsonObject ?? [])
        {
            if (ConfigReferences.IsReference(value))
                unknown.Add(Problem.Join(SecretKeys.Tags, key));
            else if (JsonText.Of(value) is { } text)
                tags[key] = text;
        }

        string? Written(string key) => unknown.Contains(key) ? null : JsonText.NotEmpty(config, key);
        return new()
        {
            SecretName = Written(SecretKeys.SecretName) ?? "",
            Region = Written(SecretKeys.Region),
            RoleArn = Written(SecretKeys.RoleArn),
            ExternalId = Written(SecretKeys.ExternalId),
            KmsKeyId = Written(SecretKeys.KmsKeyId),
            Adopt = config[SecretKeys.Adopt] is JsonValue adopt && adopt.TryGetValue<bool>(out var isAdopted) && isAdopted,
            Tags = tags,
            DeletionPolicy = Written(SecretKeys.DeletionPolicy),
            Generated = [.. (config[SecretKeys.Fields] as JsonObject ?? []).Select(Field).OfType<GeneratedField>()],
            Unknown = Written(SecretKeys.SecretName) is null ? [.. unknown, SecretKeys.SecretName] : unknown,
        };
    }

    /// <summary>The request of a Component with the values of its namespace's policies; null if they allow none, or are unknown.</summary>
    public static SecretRequest? Filled(Component component, IPolicySource policies) =>
        policies.Of(component.Metadata.Namespace ?? "")?.Judge(Of(component.Spec.Config ?? [])) is PolicyVerdict.Allowed allowed ? allowed.Request : null;

    private static GeneratedField? Field(KeyValuePair<string, JsonNode?> field) =>
        field.Value is JsonObject { } fields && fields[SecretKeys.Generator] is JsonObject generator
            && generator[SecretKeys.PasswordLength] is JsonValue length && length.TryGetValue<int>(out var characters)
            ? new(field.Key, characters)
            : null;
}
