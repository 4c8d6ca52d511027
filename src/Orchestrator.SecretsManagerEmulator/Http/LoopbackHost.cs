using System.Net;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Http;

/// <summary>
/// Which host a request may be for. A web page whose name is rebound to 127.0.0.1 reaches this server from the browser of whoever runs it, and the
/// browser lets the page read the answers; the name stays in the Host header.
/// </summary>
internal static class LoopbackHost
{
    /// <summary>Whether it is <c>localhost</c> or an address of loopback, with any port: a tunnel has another.</summary>
    public static bool Is(HostString host) =>
        host.HasValue
            && (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address)));
}
