using System.Net;
using Microsoft.AspNetCore.Http;

namespace DeploymentOrchestrator.SecretsManagerEmulator.Http;

/// <summary>
/// Checks the host of a request, against DNS rebinding. A web page whose name is rebound to 127.0.0.1 reaches this server from the user's browser, and the
/// browser lets the page read the answers; the Host header keeps the page's name.
/// </summary>
internal static class LoopbackHost
{
    /// <summary>Whether it is <c>localhost</c> or a loopback address, with any port: a tunnel may have another one.</summary>
    public static bool Is(HostString host) =>
        host.HasValue
            && (string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address)));
}
