using System.Globalization;
using System.Text.Json.Nodes;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>The version of an API server, to its minor number.</summary>
public sealed record KubernetesVersion(int Major, int Minor)
{
    /// <summary>Reads the answer of <c>GET /version</c>. Managed clusters put a plus sign behind the minor number.</summary>
    public static KubernetesVersion Read(JsonObject answer) => new(Number(answer, "major"), Number(answer, "minor"));

    /// <summary>Whether it is older than another one.</summary>
    public bool IsBefore(int major, int minor) => (Major, Minor).CompareTo((major, minor)) < 0;

    /// <summary>The flags that keep kube-controller-manager from listening without TLS; the first version without such a listener refuses them.</summary>
    /// <remarks>Source: https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.24.md, "removed in v1.24".</remarks>
    public IReadOnlyList<string> ControllerManagerFlags() => IsBefore(1, 24) ? ["--port=0"] : [];

    /// <summary>Such as 1.32.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static int Number(JsonObject answer, string name) => int.Parse(((string)answer[name]!).TrimEnd('+'), CultureInfo.InvariantCulture);
}
