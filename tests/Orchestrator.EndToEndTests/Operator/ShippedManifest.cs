using System.Text.RegularExpressions;
using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>One document of deploy/base.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Yaml">Its text.</param>
internal sealed partial record ShippedManifest(string Kind, string Yaml)
{
    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<ShippedManifest> Read(string file) =>
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "deploy", "base", file)).Split("\n---\n")
            .Select(yaml => new ShippedManifest(KindLine().Match(yaml).Groups["value"].Value, yaml)),
    ];

    /// <summary>Server-side apply, as admin.</summary>
    public Task Apply(KubernetesCluster cluster) => cluster.Apply(Address(), Yaml);

    private string Address()
    {
        var name = NameLine().Match(Yaml).Groups["value"].Value;
        var within = NamespaceLine().Match(Yaml) is { Success: true } match ? $"namespaces/{match.Groups["value"].Value}/" : "";
        return Kind switch
        {
            "Namespace" => $"api/v1/namespaces/{name}",
            "ServiceAccount" => $"api/v1/{within}serviceaccounts/{name}",
            "ClusterRole" => $"apis/rbac.authorization.k8s.io/v1/clusterroles/{name}",
            "ClusterRoleBinding" => $"apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{name}",
            "Role" => $"apis/rbac.authorization.k8s.io/v1/{within}roles/{name}",
            "RoleBinding" => $"apis/rbac.authorization.k8s.io/v1/{within}rolebindings/{name}",
            _ => throw new NotSupportedException($"no path is known of {Kind}"),
        };
    }

    // metadata is first in every document, and its fields are indented by two spaces.
    [GeneratedRegex("^kind: (?<value>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex KindLine();

    [GeneratedRegex("^  name: (?<value>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameLine();

    [GeneratedRegex("^  namespace: (?<value>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine();
}
