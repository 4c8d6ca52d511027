using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Policies;

/// <summary>
/// The SecretPolicies and Namespaces among written resources, judged without the operator: a request whose verdict depends on the operator's region or
/// account is not denied.
/// </summary>
internal sealed class WrittenPolicies : IPolicySource
{
    private readonly IReadOnlyList<SecretPolicy> policies;
    private readonly Dictionary<string, Dictionary<string, string>> namespaces;
    private readonly string? clusterId;
    private readonly bool isRequired;

    /// <param name="resources">The policies and Namespaces, among others; the first of several with one name counts.</param>
    /// <param name="clusterId">The cluster's id; null for any.</param>
    /// <param name="isRequired">Whether the operator denies everything in a namespace that no policy selects.</param>
    public WrittenPolicies(IEnumerable<JsonObject> resources, string? clusterId = null, bool isRequired = false)
    {
        var named = resources.Where(r => Name(r) is not null).ToLookup(ResourceType.Of);
        policies = [.. named[ResourceType.SecretPolicy].DistinctBy(Name, StringComparer.Ordinal).Select(r => SecretPolicyReader.Read(Name(r)!, r, []))];
        namespaces = named[ResourceType.Namespace].DistinctBy(Name, StringComparer.Ordinal).ToDictionary(r => Name(r)!, Labels, StringComparer.Ordinal);
        (this.clusterId, this.isRequired) = (clusterId, isRequired);
    }

    /// <summary>Whether labels would decide about a namespace that is not among the resources.</summary>
    public bool NeedsLabelsOf(string @namespace) => !namespaces.ContainsKey(@namespace) && policies.Any(p => p.Namespaces.LooksAtLabels);

    /// <inheritdoc/>
    public NamespacePolicies Of(string @namespace) => NamespacePolicies.Of(
        policies, new(@namespace, clusterId, Region: null, IsPartial: true), namespaces.GetValueOrDefault(@namespace), isRequired);

    private static string? Name(JsonObject resource) => JsonText.Of(resource["metadata"], "name");

    private static Dictionary<string, string> Labels(JsonObject content) =>
        ((content["metadata"] as JsonObject)?["labels"] as JsonObject ?? [])
            .Where(label => JsonText.Of(label.Value) is not null)
            .ToDictionary(label => label.Key, label => JsonText.Of(label.Value)!, StringComparer.Ordinal);
}
