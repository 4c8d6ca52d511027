using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeploymentOrchestrator.EndToEndTests.Cluster;

namespace DeploymentOrchestrator.EndToEndTests.Operator;

/// <summary>One request of an operator in the API server's audit log.</summary>
/// <param name="Verb">The RBAC verb, such as <c>update</c>.</param>
/// <param name="Resource">The resource, such as <c>components/status.deployment-orchestrator.io</c>.</param>
/// <param name="Namespace">The namespace; empty for all namespaces and for cluster-scoped kinds.</param>
/// <param name="Name">The name; empty for a list, a watch and a create.</param>
/// <param name="Code">The HTTP status of the answer.</param>
/// <param name="Role">The role that allowed it, such as <c>ClusterRole dorch-operator</c>; empty if none did.</param>
/// <param name="IsForbidden">No role allowed it.</param>
internal sealed partial record AuditedCall(string Verb, string Resource, string Namespace, string Name, int Code, string Role, bool IsForbidden)
{
    /// <summary>Whether it is a write.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete";

    /// <summary>The current end of the log.</summary>
    public static long End(KubernetesCluster cluster) => File.Exists(cluster.AuditLog) ? new FileInfo(cluster.AuditLog).Length : 0;

    /// <summary>The calls after a position. There is no log before the first call of an operator.</summary>
    public static IReadOnlyList<AuditedCall> Since(KubernetesCluster cluster, long start)
    {
        if (!File.Exists(cluster.AuditLog))
            return [];
        using var log = new FileStream(cluster.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(start, SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        // The last line may be incomplete.
        return [.. reader.ReadToEnd().Split('\n')[..^1].Select(l => JsonNode.Parse(l)!).Where(e => e["objectRef"] is not null).Select(Of)];
    }

    private static AuditedCall Of(JsonNode entry)
    {
        var asked = entry["objectRef"]!;
        var allowed = Allowed().Match((string?)entry["annotations"]?["authorization.k8s.io/reason"] ?? "");
        return new(
            (string)entry["verb"]!,
            NameOf((string)asked["resource"]!, (string?)asked["subresource"], (string?)asked["apiGroup"]),
            (string?)asked["namespace"] ?? "",
            (string?)asked["name"] ?? "",
            (int?)entry["responseStatus"]?["code"] ?? 0,
            allowed.Success ? $"{allowed.Groups["kind"].Value} {allowed.Groups["name"].Value}" : "",
            (string?)entry["annotations"]?["authorization.k8s.io/decision"] == "forbid");
    }

    private static string NameOf(string resource, string? subresource, string? group) => $"{resource}{(subresource is null ? "" : $"/{subresource}")}.{group}";

    [GeneratedRegex("^RBAC: allowed by .* of (?<kind>ClusterRole|Role) \"(?<name>[^\"]+)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Allowed();
}
