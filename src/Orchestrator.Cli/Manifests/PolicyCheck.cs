using System.Text.Json.Nodes;
using DeploymentOrchestrator.Api;
using DeploymentOrchestrator.Handlers.SecretPush.Configuration;
using DeploymentOrchestrator.Policies;

namespace DeploymentOrchestrator.Cli.Manifests;

/// <summary>
/// What SecretPolicies would deny to the Components of files, as far as it is known without the operator: a name that is a reference may resolve to any
/// name.
/// </summary>
internal static class PolicyCheck
{
    /// <summary>An error for each rule that denies a Component, at the denied key.</summary>
    public static IReadOnlyList<Diagnostic> Check(WrittenPolicies policies, IReadOnlyList<ManifestResource> resources)
    {
        var pushing = resources.SelectMany(resource => resource.NamedHandlers()
            .Where(handler => handler is { Name: HandlerNames.SecretPush, Config: JsonObject }).Select(handler => (Resource: resource, Handler: handler)))
            .ToList();
        var unknown = pushing.Select(p => p.Resource).DistinctBy(r => r.NamespaceOrDefault, StringComparer.Ordinal)
            .Where(r => policies.NeedsLabelsOf(r.NamespaceOrDefault))
            .Select(r => r.Locate(new("metadata.namespace", $"no file has the Namespace \"{r.NamespaceOrDefault}\", so SecretPolicies that select by labels "
                + "count as not selecting it: add it", IsWarning: true)));
        var denied =
            from pushed in pushing
            let verdict = policies.Of(pushed.Resource.NamespaceOrDefault).Judge(WrittenRequest.Of((JsonObject)pushed.Handler.Config!))
            from denial in (verdict as PolicyVerdict.Denied)?.Denials ?? []
            select pushed.Resource.Locate(denial.ToProblem().Under(pushed.Handler.ConfigPath));
        return [.. unknown, .. denied];
    }
}
