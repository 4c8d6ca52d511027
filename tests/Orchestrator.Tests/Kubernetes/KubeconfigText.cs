namespace DeploymentOrchestrator.Tests.Kubernetes;

/// <summary>A typical kubeconfig.</summary>
internal static class KubeconfigText
{
    /// <summary>One context of one cluster and one user.</summary>
    /// <param name="server">The address of the API server.</param>
    /// <param name="user">How the user authenticates, in YAML on one line: <c>token: x</c>.</param>
    /// <param name="certificateAuthority">The file of the server's CA; null for a server without TLS.</param>
    public static string Of(Uri server, string user, string? certificateAuthority = null) => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts:
          - name: test
            context:
              cluster: test
              user: test
        clusters:
          - name: test
            cluster:
              server: {{server}}{{(certificateAuthority is null ? "" : $"\n      certificate-authority: {certificateAuthority}")}}
        users:
          - name: test
            user:
              {{user}}
        """;
}
