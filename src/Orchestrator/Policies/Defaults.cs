namespace DeploymentOrchestrator.Policies;

/// <summary>Fills in a policy's defaults for keys that a request does not set. Pure.</summary>
internal static class Defaults
{
    /// <summary>The request with the policy's defaults.</summary>
    public static SecretRequest Fill(SecretRequest request, SecretPolicy policy, PolicyScope scope)
    {
        var defaults = policy.Defaults;
        string? Or(string? said, string key, PolicyText? text) => said ?? (request.Unknown.Contains(key) ? null : text?.For(scope));

        var role = Or(request.RoleArn, SecretKeys.RoleArn, defaults.RoleArn);
        var tags = new Dictionary<string, string>(request.Tags, StringComparer.Ordinal);
        foreach (var (key, text) in defaults.Tags)
        {
            if (text.For(scope) is { } value && !tags.Keys.Any(k => SecretTags.IsSameKey(k, key)))
                tags[key] = value;
        }

        return request with
        {
            Region = Or(request.Region, SecretKeys.Region, defaults.Region),
            RoleArn = role,
            ExternalId = role is null ? request.ExternalId : Or(request.ExternalId, SecretKeys.ExternalId, defaults.ExternalId),
            KmsKeyId = Or(request.KmsKeyId, SecretKeys.KmsKeyId, defaults.KmsKeyId),
            DeletionPolicy = request.DeletionPolicy ?? (request.Unknown.Contains(SecretKeys.DeletionPolicy) ? null : defaults.DeletionPolicy),
            Tags = tags,
        };
    }
}
