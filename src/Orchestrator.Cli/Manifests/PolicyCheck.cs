using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush;
using DeploymentOrchestrator.Messages;
using DeploymentOrchestrator.Policies;
using DeploymentOrchestrator.Resources;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// What the SecretPolicies of files would deny to the Components of files. Only what is certain counts: a name that is a reference may turn out to be any,
/// and so may the cluster's id and the operator's own region and account.
/// </summary>
internal sealed class PolicyCheck
{
    private readonly IReadOnlyList<SecretPolicy> policies;
    private readonly Dictionary<string, Dictionary<string, string>> namespaces;

    /// <param name="resources">The policies and Namespaces, among other resources.</param>
    public PolicyCheck(IReadOnlyList<ManifestResource> resources)
    {
        policies = [.. resources.Where(r => r.Type == ResourceType.SecretPolicy && r.Name is not null).DistinctBy(r => r.Name, StringComparer.Ordinal)
            .Select(r => SecretPolicyReader.Read(r.Name!, r.Content, []))];
        namespaces = resources.Where(r => r.Type == ResourceType.Namespace && r.Name is not null).GroupBy(r => r.Name!, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => Labels(same.First().Content), StringComparer.Ordinal);
    }

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

    private IEnumerable<Problem> Denials(ManifestResource resource, JsonObject config)
    {
        var scope = new PolicyScope(NamespaceOf(resource), Cluster: null, Region: null, IsPartial: true);
        var verdict = NamespacePolicies.Of(policies, scope, namespaces.GetValueOrDefault(scope.Namespace), isRequired: false).Judge(WrittenRequest.Of(config));
        return verdict is PolicyVerdict.Denied denied ? denied.Denials.Select(d => d.ToProblem()) : [];
    }

    private static IEnumerable<(ManifestResource Resource, string Path, JsonObject Config)> Configs(ManifestResource resource) =>
        from handler in resource.NamedHandlers()
        where handler.Name == SecretPushConfig.HandlerName && handler.Config is JsonObject
        select (resource, handler.ConfigPath, (JsonObject)handler.Config!);

    private static string NamespaceOf(ManifestResource resource) => resource.Namespace ?? "default";

    private static Dictionary<string, string> Labels(JsonObject content) =>
        ((content["metadata"] as JsonObject)?["labels"] as JsonObject ?? [])
            .Where(label => JsonText.Of(label.Value) is not null)
            .ToDictionary(label => label.Key, label => JsonText.Of(label.Value)!, StringComparer.Ordinal);
}
