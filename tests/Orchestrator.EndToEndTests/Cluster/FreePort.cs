using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>
/// Ports for programs that cannot choose one themselves. They are below the range that Linux uses for outgoing connections (32768 and up), so that no
/// connection takes one while its program restarts.
/// </summary>
internal static class FreePort
{
    public static int Next()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Taken: try the next one.
            }
        }
    }
}
