using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// What SecretPolicies would deny to the Components of files, as far as it is known without the operator: a name that is a reference may turn out to be any,
/// and so may the operator's own region and account.
/// </summary>
internal sealed class PolicyCheck : IPolicySource
{
    private readonly IReadOnlyList<SecretPolicy> policies;
    private readonly Dictionary<string, Dictionary<string, string>> namespaces;
    private readonly string? clusterId;
    private readonly bool isRequired;

    /// <param name="resources">The policies and Namespaces, among others; of two of one name the first counts.</param>
    /// <param name="clusterId">The cluster's id; null where it may be any.</param>
    /// <param name="isRequired">Whether the operator denies everything where no policy selects the namespace.</param>
    public PolicyCheck(IEnumerable<JsonObject> resources, string? clusterId = null, bool isRequired = false)
    {
        var named = resources.Where(r => Name(r) is not null).ToLookup(ResourceType.Of);
        policies = [.. named[ResourceType.SecretPolicy].DistinctBy(Name, StringComparer.Ordinal).Select(r => SecretPolicyReader.Read(Name(r)!, r, []))];
        namespaces = named[ResourceType.Namespace].DistinctBy(Name, StringComparer.Ordinal).ToDictionary(r => Name(r)!, Labels, StringComparer.Ordinal);
        (this.clusterId, this.isRequired) = (clusterId, isRequired);
    }

    /// <inheritdoc/>
    public NamespacePolicies Of(string @namespace) => NamespacePolicies.Of(
        policies, new(@namespace, clusterId, Region: null, IsPartial: true), namespaces.GetValueOrDefault(@namespace), isRequired);

    /// <summary>An error for each rule that denies a Component, at the key that it is about.</summary>
    public IReadOnlyList<Diagnostic> Check(IReadOnlyList<ManifestResource> resources)
    {
        var pushing = resources.SelectMany(Configs).ToList();
        var labelsCount = policies.Any(p => p.Namespaces.LooksAtLabels);
        var unknown = pushing.Select(p => p.Resource).DistinctBy(NamespaceOf, StringComparer.Ordinal)
            .Where(r => labelsCount && !namespaces.ContainsKey(NamespaceOf(r)))
            .Select(r => r.Locate(new("metadata.namespace", $"no file has the Namespace \"{NamespaceOf(r)}\", so SecretPolicies that select by labels "
                + "count as not selecting it: add it", IsWarning: true)));
        return [.. unknown, .. pushing.SelectMany(p => Denials(p.Resource, p.Config).Select(problem => p.Resource.Locate(problem.Under(p.Path))))];
    }

    private IEnumerable<Problem> Denials(ManifestResource resource, JsonObject config) =>
        Of(NamespaceOf(resource)).Judge(WrittenRequest.Of(config)) is PolicyVerdict.Denied denied ? denied.Denials.Select(d => d.ToProblem()) : [];

    private static IEnumerable<(ManifestResource Resource, string Path, JsonObject Config)> Configs(ManifestResource resource) =>
        from handler in resource.NamedHandlers()
        where handler.Name == SecretPushConfig.HandlerName && handler.Config is JsonObject
        select (resource, handler.ConfigPath, (JsonObject)handler.Config!);

    private static string? Name(JsonObject resource) => JsonText.Of(resource["metadata"], "name");

    private static string NamespaceOf(ManifestResource resource) => resource.Namespace ?? "default";

    private static Dictionary<string, string> Labels(JsonObject content) =>
        ((content["metadata"] as JsonObject)?["labels"] as JsonObject ?? [])
            .Where(label => JsonText.Of(label.Value) is not null)
            .ToDictionary(label => label.Key, label => JsonText.Of(label.Value)!, StringComparer.Ordinal);
}
