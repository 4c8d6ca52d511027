using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.SecretsManager;

namespace DeploymentOrchestrator.Planning;

/// <summary>The secrets in the status of a cluster's Components, in the form of AWS's own answers. Pure.</summary>
internal static class KnownSecrets
{
    private const string ForeignVersion = "not-known";

    /// <summary>The secret according to the first Component that has it; null if none does.</summary>
    public static SecretDescription? Of(IEnumerable<Component> components, Func<Component, SecretOwner> owner, string region, string id)
    {
        var pushes = components.Where(c => c.Spec.Handler == HandlerNames.SecretPush).ToList();
        // The Component that owns it knows more than one that found it foreign.
        return pushes.Select(c => Owned(c, owner(c), region, id)).FirstOrDefault(s => s is not null)
            ?? pushes.Select(c => LeftToOwner(c, region, id)).FirstOrDefault(s => s is not null);
    }

    private static SecretDescription? Owned(Component component, SecretOwner owner, string region, string id)
    {
        var applied = SecretState.Read(component.Status?.Applied ?? []);
        if (applied.Targets.FirstOrDefault(t => t.Region == region && (t.Name == id || t.Arn == id)) is not { Arn: { } arn } target)
            return null;
        var tags = new Dictionary<string, string>(applied.Sent?.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            [SecretOwner.TagKey] = owner.TagValue,
        };
        // The rest of the applied state describes the last target; an adopted secret has its former value.
        return Described(arn, target.Name, tags, applied.Targets[^1] == target ? applied.VersionId : null) with
        {
            Description = applied.Sent?.Description,
            KmsKeyId = applied.Sent?.KmsKeyId,
        };
    }

    // Its outputs name a secret that its state does not. The status names the owner in text only, and it only matters that it is another one.
    private static SecretDescription? LeftToOwner(Component component, string region, string id) =>
        component.Status is { ProviderStatus: { } outputs } status
        && (string?)outputs[SecretOutputs.Name] == id && (string?)outputs[SecretOutputs.Region] == region && (string?)outputs[SecretOutputs.Arn] is { } arn
        && !SecretState.Read(status.Applied ?? []).Targets.Any(t => t.Arn == arn)
            ? Described(arn, id, new Dictionary<string, string>(StringComparer.Ordinal) { [SecretOwner.TagKey] = "another owner" }, null)
            : null;

    private static SecretDescription Described(string arn, string name, IReadOnlyDictionary<string, string> tags, string? version) => new(
        arn, name, null, null, null, false, tags,
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [version ?? ForeignVersion] = [SecretDescription.Current] }, null, null, null);
}
