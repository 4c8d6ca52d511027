using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// Finds the Components of a set of files that push the same secret: only one of them could own it. Only certain matches count: a name, region or role
/// that is a reference equals only the same reference of its scope, and the default region is known only where the Component runs.
/// </summary>
internal static class SharedSecrets
{
    /// <summary>An error for each Component but the first that names a secret, at its <c>secretName</c>.</summary>
    public static IEnumerable<Diagnostic> Check(IReadOnlyList<ManifestResource> resources)
    {
        // A duplicate resource has its error already.
        var claims = resources.SelectMany(resource => resource.NamedHandlers().Select(handler => Claimed(resource, handler)).OfType<Claim>())
            .DistinctBy(c => (c.Resource.Type.Kind, c.Resource.NamespaceOrDefault, c.Resource.Name, c.Component));
        foreach (var same in claims.GroupBy(c => (c.Secret, c.Region, c.Account, c.Scope)))
        {
            var first = same.First();
            foreach (var claim in same.Skip(1))
            {
                yield return claim.Resource.Locate(
                    new(claim.Path, $"the secret \"{claim.Secret}\" is also pushed by {first.Component}, at {first.Resource.Locate(new(first.Path, "")).At}, "
                    + "and only one Component can own it: choose another secretName, or merge the fields into one Component"));
            }
        }
    }

    // Null if the config names no secret, or an uncertain one. An empty text counts as missing, as in SecretPushConfigReader.
    private static Claim? Claimed(ManifestResource resource, NamedHandler handler)
    {
        var isEntry = resource.Type == ResourceType.Composition;
        if (handler is not { Name: HandlerNames.SecretPush, Config: JsonObject config } || (isEntry && handler.Entry is null)
            || JsonText.NotEmpty(config, SecretKeys.SecretName) is not { } secret
            || SecretPushSchema.NamingKeys.Any(key => config[key] is not (null or JsonValue)))
            return null;
        var hasReference = SecretPushSchema.NamingKeys.Any(key => JsonText.NotEmpty(config, key)?.Contains("{{", StringComparison.Ordinal) == true);
        var role = JsonText.NotEmpty(config, SecretKeys.RoleArn);
        return new(
            resource,
            $"{handler.ConfigPath}.secretName",
            isEntry ? $"{resource.Name}/{handler.Entry}" : $"the Component {(resource.Namespace is { } ns ? $"{ns}/" : "")}{resource.Name}",
            secret,
            JsonText.NotEmpty(config, SecretKeys.Region),
            AwsForms.AccountOf(role) ?? role,
            hasReference ? $"{resource.NamespaceOrDefault}/{(isEntry ? resource.Name : "")}" : null);
    }

    /// <summary>
    /// A Component's claim on a secret. Region and account are null for the program's own; the scope is null if neither is a reference. Two roles of one
    /// account reach the same secret.
    /// </summary>
    private sealed record Claim(ManifestResource Resource, string Path, string Component, string Secret, string? Region, string? Account, string? Scope);
}
