using System.Net.Http.Headers;
using k8s.Authentication;

namespace DeploymentOrchestrator.Kubernetes;

/// <summary>A bearer token in a file that Kubernetes replaces before it expires. The file is small, so it is read for every request.</summary>
internal sealed class TokenFile(string path) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken)).Trim());
}
