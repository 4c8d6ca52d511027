using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DeploymentOrchestrator.Tests.SecretsManager;

/// <summary>An HTTP proxy that supports only CONNECT and connects every tunnel to one port on loopback.</summary>
internal sealed class TunnelProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    public TunnelProxy(int port)
    {
        listener.Start();
        Address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        serving = Serve(port);
    }

    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task Serve(int port)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync(stopping.Token);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port, stopping.Token);
            var (near, far) = (client.GetStream(), server.GetStream());
            var head = "";
            while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                head += (char)near.ReadByte();
            Assert.StartsWith("CONNECT ", head, StringComparison.Ordinal);
            await near.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 Connection established\r\n\r\n"), stopping.Token);
            await Task.WhenAny(near.CopyToAsync(far, stopping.Token), far.CopyToAsync(near, stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is done.
        }
    }
}
