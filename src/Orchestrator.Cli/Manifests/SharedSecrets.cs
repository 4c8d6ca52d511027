using System.Text.Json.Nodes;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// Finds the Components of a set of files that push one and the same secret: only one of them could own it. Only what is certain counts: a name, region
/// or role that is a reference may turn out to be any, but the same as the same reference of its scope; and the region where a config names none is known
/// where the Component runs.
/// </summary>
internal static class SharedSecrets
{
    /// <summary>An error for each Component but the first that names a secret, at its <c>secretName</c>.</summary>
    public static IEnumerable<Diagnostic> Check(IReadOnlyList<ManifestResource> resources)
    {
        // A duplicate resource has its error already.
        var claims = resources.SelectMany(Claims).DistinctBy(c => (c.Resource.Type.Kind, c.Resource.Namespace ?? "default", c.Resource.Name, c.Component));
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

    private static IEnumerable<Claim> Claims(ManifestResource resource)
    {
        var spec = resource.Content["spec"] as JsonObject;
        if (resource.Type == ResourceType.Component)
        {
            var name = $"the Component {(resource.Namespace is { } ns ? $"{ns}/" : "")}{resource.Name}";
            return Claim.Of(resource, name, spec?["handler"], spec?["config"], "spec.config") is { } claim ? [claim] : [];
        }


        if (resource.Type != ResourceType.Composition || spec?["components"] is not JsonArray entries)
            return [];
        return entries.Select((entry, i) => entry is JsonObject fields && Text(fields["name"]) is { } name
            ? Claim.Of(resource, $"{resource.Name}/{name}", fields["type"], fields["config"], $"spec.components[{i}].config")
            : null).OfType<Claim>();
    }

    // An empty text counts as absent, as in SecretPushConfigReader.
    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>That a Component pushes a secret.</summary>
    /// <param name="Resource">Where it is written.</param>
    /// <param name="Path">The path of its <c>secretName</c>.</param>
    /// <param name="Component">The Component, as a message calls it.</param>
    /// <param name="Secret">The secret's name.</param>
    /// <param name="Region">The region; null for the program's own.</param>
    /// <param name="Account">The account that the role is of; null for the program's own.</param>
    /// <param name="Scope">Whose references are in these; null where none are.</param>
    private sealed record Claim(ManifestResource Resource, string Path, string Component, string Secret, string? Region, string? Account, string? Scope)
    {
        /// <summary>The claim of a config; null where it has none or it is not certain.</summary>
        public static Claim? Of(ManifestResource resource, string component, JsonNode? handler, JsonNode? config, string path)
        {
            if (Text(handler) != SecretPushConfig.HandlerName || config is not JsonObject fields)
                return null;
            string[] keys = ["secretName", "region", "roleArn"];
            if (Text(fields["secretName"]) is not { } secret || keys.Any(key => fields[key] is not (null or JsonValue)))
                return null;
            var hasReference = keys.Any(key => Text(fields[key])?.Contains("{{", StringComparison.Ordinal) == true);
            var scope = $"{resource.Namespace ?? "default"}/{(resource.Type == ResourceType.Composition ? resource.Name : "")}";
            return new(
                resource, $"{path}.secretName", component, secret, Text(fields["region"]), Role(Text(fields["roleArn"])), hasReference ? scope : null);
        }

        // Two roles of one account lead to one secret.
        private static string? Role(string? role) => SecretTarget.AccountOf(role) ?? role;
    }
}
