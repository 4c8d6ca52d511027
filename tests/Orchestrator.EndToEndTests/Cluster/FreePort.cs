using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DeploymentOrchestrator.EndToEndTests.Cluster;

/// <summary>
/// Ports for programs that cannot choose one themselves. They lie below those that Linux gives to outgoing connections (32768 and up), so that nobody
/// gets one by chance while its program restarts.
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
                // Somebody else's; the next one.
            }
        }
    }
}
